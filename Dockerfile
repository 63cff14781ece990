# An image that checks the files mounted at /work:
#
#     docker build --tag k8snetlint .
#     docker run --rm --network none --user "$(id -u):$(id -g)" --volume "$PWD:/work:ro" k8snetlint check
#
# It downloads nothing when it runs. `--fix` needs the volume without `:ro`.

FROM python:3.13-slim AS build
COPY integrations/requirements.txt /build/requirements.txt
RUN python -m venv /opt/k8snetlint \
    && /opt/k8snetlint/bin/pip install --no-cache-dir --require-hashes --requirement /build/requirements.txt
COPY . /build/k8snetlint
RUN /opt/k8snetlint/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /build/dist /build/k8snetlint \
    && /opt/k8snetlint/bin/pip install --no-cache-dir --no-deps --no-index /build/dist/*.whl \
    && /opt/k8snetlint/bin/pip uninstall --yes editables hatchling packaging pluggy tomlkit trove-classifiers pip

FROM python:3.13-slim
# For --changed and --trust.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/k8snetlint /opt/k8snetlint
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/opt/k8snetlint/bin/python", "-I", "-m", "k8snetlint"]
CMD ["check"]
