"""What goes into a build context."""

import re

import pytest

from faas.cli.contexts import build_context
from faas.cli.errors import CliError
from faas.cli.stack_file import Function
from faas.cli.templates import load_template

FUNCTION = Function(name="fn", lang="Py", handler="./fn", image="me/fn")


def write(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@pytest.fixture(autouse=True)
def project(folder):
    write(
        folder,
        {
            "template/py/template.yml": "language: py",
            "template/py/Dockerfile": "FROM base",
            "template/py/function/handler.py": "the template's",
            "template/py/function/requirements.txt": "",
            "template/py/__pycache__/index.pyc": "x",
            "fn/handler.py": "mine",
            "fn/.hidden": "",
            "fn/build/old": "",
            "fn/template/old": "",
            "fn/deep/__pycache__/x.pyc": "",
            "fn/deep/.git/HEAD": "",
            "fn/deep/data.txt": "1",
            "shared/code.py": "code",
        },
    )
    return folder


def context(copy=("shared",), function=FUNCTION):
    return build_context(function, load_template(function.lang), list(copy))


def written(project):
    context().write(project / "build/fn")
    return {str(path.relative_to(project / "build/fn")) for path in (project / "build/fn").rglob("*") if path.is_file()}


def test_the_handler_lies_over_the_template_with_the_copied_folders_beside_it(project):
    (project / "build/fn").mkdir(parents=True)
    (project / "build/fn/left-over").touch()
    assert written(project) == {
        "template.yml",
        "Dockerfile",
        "function/handler.py",
        "function/requirements.txt",
        "function/.hidden",
        "function/deep/data.txt",
        "function/shared/code.py",
    }
    assert (project / "build/fn/function/handler.py").read_text() == "mine"


def test_a_template_may_name_another_folder_for_handlers(project):
    (project / "template/py/template.yml").write_text("language: py\nhandler_folder: src")
    assert "src/handler.py" in written(project)


def test_a_dockerfile_function_brings_everything_itself(project):
    (project / "fn/Dockerfile").write_text("FROM scratch")
    found = context(function=Function(name="fn", lang="dockerfile", handler="fn"))
    assert {str(path) for path in found.sources} >= {"Dockerfile", "handler.py", "shared/code.py"}
    assert "template.yml" not in {str(path) for path in found.sources}


def test_symbolic_links_are_followed(project):
    (project / "fn/link.py").symlink_to(project / "shared/code.py")
    assert "function/link.py" in written(project)
    assert not (project / "build/fn/function/link.py").is_symlink()


def test_the_digest_follows_content_names_and_modes_only(project):
    digest = context().digest()
    (project / "fn/__pycache__").mkdir()
    (project / "fn/__pycache__/handler.pyc").touch()
    (project / "fn/handler.py").touch()
    assert context().digest() == digest
    (project / "fn/new.py").write_text("")
    with_file = context().digest()
    (project / "fn/new.py").chmod(0o755)
    assert len({digest, with_file, context().digest()}) == 3


@pytest.mark.parametrize(
    ("copy", "message"),
    [
        (["."], "forbidden path appears to equal the entire project"),
        (["../work"], "forbidden path appears to equal the entire project"),
        (["../elsewhere"], "forbidden path appears to be outside of the build context"),
        (["none"], "no such file or directory"),
    ],
)
def test_only_folders_of_the_project_are_copied(copy, message):
    with pytest.raises(CliError, match=message):
        context(copy)


def test_a_missing_handler_or_template_is_named():
    with pytest.raises(CliError, match=re.escape("building fn, ./none is an invalid path")):
        context(function=Function(name="fn", lang="py", handler="./none"))
    with pytest.raises(CliError, match="language template: go not supported"):
        context(function=Function(name="fn", lang="go", handler="./fn"))


def test_what_the_templates_dockerignore_names_is_no_part_of_it(project):
    before = context().digest()
    write(project, {"template/py/.dockerignore": "# tests\n\n**/*_test.py\nDockerfile\n!function/kept_test.py\n"})
    write(project, {"fn/handler_test.py": "1", "fn/kept_test.py": ""})
    ignoring = context()
    assert "function/handler_test.py" not in map(str, ignoring.sources)
    assert {"Dockerfile", "function/kept_test.py"} <= set(map(str, ignoring.sources))
    write(project, {"fn/handler_test.py": "2"})
    assert context().digest() == ignoring.digest() != before
