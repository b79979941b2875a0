"""Reliability under kills, full disks and damage, with concurrent readers."""
