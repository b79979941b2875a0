"""Similar pairs of news articles that are one report at two URLs, judged by reading both.

They differ only by edits: another headline, a correction, a cut, or page furniture. Editions of a
report for two places are not among them. Ids are of the evaluation data, in file order.
"""

SAME_REPORT = frozenset(
    {
        ("n4065", "n4067"),
        ("n22790", "n22791"),
        ("n1288", "n25413"),
        ("n3890", "n25292"),
        ("n15114", "n15611"),
        ("n8413", "n20553"),
        ("n21791", "n25140"),
        ("n20207", "n20208"),
        ("n13882", "n13885"),
        ("n23709", "n23710"),
        ("n8701", "n22007"),
        ("n24940", "n24941"),
        ("n16816", "n16817"),
        ("n1679", "n2064"),
        ("n1450", "n1451"),
        ("n12008", "n24528"),
        ("n21980", "n26321"),
        ("n9442", "n9593"),
        ("n24839", "n24840"),
        ("n24727", "n24728"),
        ("as2b5eLhs0DkWEDEBA", "asKfUSntWQz060LYYh"),
        ("asU2pyDCyejICPMe8Y", "asXFRdp4Nc03d4Tnpj"),
        ("asNOBNbN7kmbAqFzrY", "asSYPeGeWE4H1uV8ts"),
    }
)
