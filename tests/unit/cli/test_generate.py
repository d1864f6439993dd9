"""`generate`: objects for Kubernetes, as upstream writes them."""

import pytest
import yaml

from faas.cli.go_yaml import go_yaml

STACK = """
version: 1.0
provider: {name: openfaas}
functions:
  zeta: {lang: dockerfile, handler: ./h, image: me/zeta}
  full:
    lang: dockerfile
    handler: ./h
    image: me/full:1
    environment: {A: true, B: "a: b", N: 12:30}
    environment_file: [env.yml]
    labels: {com.openfaas.scale.min: "2"}
    annotations: {topic: order.paid}
    limits: {memory: 5Mi, cpu: 100m}
    constraints: [node.role == worker]
    secrets: [key]
    readonly_root_filesystem: true
"""
FULL = """\
---
apiVersion: openfaas.com/v1
kind: Function
metadata:
  name: full
  namespace: openfaas-fn
spec:
  name: full
  image: me/full:1
  environment:
    A: "true"
    B: 'a: b'
    "N": "12:30"
    Z: "9"
  labels:
    com.openfaas.scale.min: "2"
  annotations:
    topic: order.paid
  limits:
    memory: 5Mi
    cpu: 100m
  constraints:
    - node.role == worker
  secrets:
    - key
  readOnlyRootFilesystem: true
"""
ZETA = """\
---
apiVersion: openfaas.com/v1
kind: Function
metadata:
  name: zeta
  namespace: openfaas-fn
spec:
  name: zeta
  image: me/zeta:latest
"""
SERVICE = """\
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: full
  namespace: mine
  annotations:
    topic: order.paid
spec:
  template:
    spec:
      containers:
        - image: me/full:1
          env:
            - name: A
              value: "true"
            - name: B
              value: 'a: b'
            - name: "N"
              value: "12:30"
            - name: Z
              value: "9"
          volumeMounts:
            - name: key
              mountPath: /var/openfaas/secrets/key
              readOnly: true
      volumes:
        - name: key
          secret:
            secretName: key
"""


@pytest.fixture
def project(folder):
    (folder / "stack.yml").write_text(STACK)
    (folder / "env.yml").write_text("environment: {Z: 9}")
    return folder


def test_every_function_is_an_object_in_the_order_of_names(cli, project):
    assert cli("generate").out == f"{FULL}{ZETA}\n"


def test_another_api_version_and_namespace_are_taken(cli, project):
    out = cli("generate", "--api", "example.com/v2", "-n", "mine", "--filter", "zeta").out
    assert out == ZETA.replace("openfaas.com/v1", "example.com/v2").replace("openfaas-fn", "mine") + "\n"


def test_knative_gets_a_service(cli, project):
    out = cli("generate", "--api", "serving.knative.dev/v1", "-n", "mine", "--filter", "full").out
    assert out == f"{SERVICE}\n"


def test_without_functions_it_says_what_to_give(cli):
    ran = cli("generate")
    assert (ran.status, ran.out.splitlines()[0]) == (1, '"stack.yml" file not found in the current directory.')


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *[(text, f'"{text}"') for text in ("", "~", "null", "yes", "n", "Off", "1e3", "0x1F", "0o7", "017", "+1")],
        *[(text, f'"{text}"') for text in (".5", "1.", ".nan", "-.inf", "1_000", "0b1", "2020-01-02", "1:2:3")],
        *[(text, text) for text in ("1,000", "nope", "a#b", "back\\slash", "ünïcode", "a" * 200)],
        *[(text, f"'{text}'") for text in ("-", "a: b", "#x", "*x", "@every 30s", "{a}", " lead", "trail ")],
        ("'q'", "'''q'''"),
        ("a\nb", "|-\n  a\n  b"),
        ("a\nb\n", "|\n  a\n  b"),
        ("tab\there", '"tab\\there"'),
        ("x\r\ny", '"x\\r\\ny"'),
    ],
)
def test_a_text_is_quoted_where_go_would_quote_it(text, written):
    assert go_yaml({"k": text}) == f"k: {written}\n"
    assert yaml.safe_load(go_yaml({"k": text})) == {"k": text}
