# The HTTP server, over an index in a volume. Not built by our CI, which has no Docker daemon.
#
#   docker build --tag dateline .
#   docker compose run --rm build      an index of the folder news
#   docker compose up serve            answers at http://127.0.0.1:8321

FROM python:3.11-slim AS wheel
WORKDIR /source
COPY . .
RUN pip install --no-cache-dir build==1.6.1 \
    && python -m build --wheel --outdir /wheels

FROM python:3.11-slim
COPY --from=wheel /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[serve]" \
    && useradd --create-home --uid 10001 dateline \
    && install --directory --owner dateline /index
USER dateline
VOLUME /index
EXPOSE 8321
HEALTHCHECK --start-period=30s --interval=30s --timeout=5s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8321/health', timeout=4)"]
ENTRYPOINT ["dateline"]
CMD ["serve", "--index", "/index", "--host", "0.0.0.0"]
