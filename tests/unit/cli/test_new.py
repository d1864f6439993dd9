"""`new` and `template`: a function begun, templates listed and pulled."""

import subprocess

import pytest


@pytest.fixture
def template(folder):
    files = folder / "template/py/function"
    files.mkdir(parents=True)
    (files / "handler.py").write_text("def handle(event, context): ...")
    (files.parent / "template.yml").write_text("language: py\nwelcome_message: |\n  Hello.\n")
    return folder


def test_a_function_is_begun_with_a_stack_file_of_its_own(cli, template):
    ran = cli("new", "hello", "--lang", "py", "--prefix", "me", "--memory-limit", "8Mi", "-g", "http://there")
    assert ran.status == 0
    assert (template / "hello/handler.py").exists()
    assert (template / "hello.yml").read_text() == (
        "version: 1.0\nprovider:\n  name: openfaas\n  gateway: http://there\nfunctions:\n  hello:\n    lang: py\n"
        "    handler: ./hello\n    image: me/hello:latest\n    limits:\n      memory: 8Mi\n\n"
    )
    assert (template / "hello.yml").stat().st_mode & 0o777 == 0o600
    assert (template / ".gitignore").read_text().split() == ["template", "build", ".secrets"]
    assert ran.out.startswith("Folder: hello created.\n")
    assert ran.out.endswith("\nFunction created in folder: hello\nStack file written: hello.yml\n\nNotes:\nHello.\n\n")


def test_a_function_is_added_to_a_stack_file(cli, template):
    cli("new", "one", "--lang", "py", "-q")
    ran = cli("new", "two", "--lang", "py", "--append", "one.yml", "-q", "--handler", "src")
    assert ran.out.endswith("Stack file updated: one.yml\n")
    assert cli("build", "--shrinkwrap", "-f", "one.yml").status == 0
    assert (template / "build/two/function/handler.py").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hello"], "You must supply a function language with the --lang flag"),
        (["--lang", "py"], "Please provide a name for the function"),
        (["Bad_Name", "--lang", "py"], "Function name can only contain a-z, 0-9 and dashes"),
        (["hello", "--lang", "go"], 'Template: "go" was not found in the templates directory'),
        (["template", "--lang", "py"], "Folder: template already exists"),
        (["taken", "--lang", "py"], "File: taken.yml already exists"),
        (["hello", "--lang", "py", "-a", "x.txt"], "When appending to a stack the suffix should be .yml or .yaml"),
        (["hello", "--lang", "py", "-a", "x.yml"], "Unable to find file: x.yml"),
        (["one", "--lang", "py", "-a", "taken.yml"], "\nFunction one already exists in taken.yml file."),
    ],
)
def test_what_cannot_be_begun_is_refused_and_leaves_nothing(cli, template, arguments, message):
    (template / "taken.yml").write_text("provider: {name: openfaas}\nfunctions: {one: {image: a}}")
    ran = cli("new", *arguments)
    assert (ran.status, ran.out[: len(message)]) == (1, message)
    assert not (template / "hello").exists()


def test_templates_are_listed(cli, folder):
    assert cli("new", "--list").out.startswith("No language templates were found.")
    (folder / "template/go").mkdir(parents=True)
    (folder / "template/c").mkdir()
    assert cli("template", "list").out == "Languages available as templates:\n- c\n- go\n\n"


@pytest.fixture
def repository(tmp_path):
    source = tmp_path / "source"
    for lang in ("go", "py"):
        (source / "template" / lang).mkdir(parents=True)
        (source / "template" / lang / "template.yml").write_text(f"language: {lang}")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=b", "commit", "-qm", "c"]):
        subprocess.run(["git", "-C", source, *command], check=True)
    return source


def test_templates_are_pulled_and_those_that_are_here_stay(cli, template, repository):
    ran = cli("template", "pull", str(repository))
    assert (ran.status, ran.out) == (0, f"Fetch templates from repository: {repository} at \n")
    assert "Cannot overwrite the following 1 template(s): [py]\n" in ran.err
    assert "Fetched 1 template(s) : [go] from" in ran.err
    assert (template / "template/go/template.yml").exists()
    assert "Hello" in (template / "template/py/template.yml").read_text()
    cli("template", "pull", str(repository), "--overwrite")
    assert "Hello" not in (template / "template/py/template.yml").read_text()


def test_a_folder_that_is_no_repository_is_taken_as_it_is(cli, folder, tmp_path):
    (tmp_path / "plain/template/go/__pycache__").mkdir(parents=True)
    (tmp_path / "plain/template/go/template.yml").write_text("language: go")
    assert cli("template", "pull", "../plain").status == 0
    assert [path.name for path in (folder / "template/go").iterdir()] == ["template.yml"]


def test_templates_are_not_copied_over_themselves(cli, template):
    ran = cli("template", "pull", ".", "--overwrite")
    assert (ran.status, ran.out) == (1, "The templates of . are those in ./template\n")


def test_what_the_system_refuses_is_told(cli, template):
    (template / "list").write_text("")
    ran = cli("new", "hello", "--lang", "py", "--handler", "list/hello")
    assert (ran.status, ran.out) == (1, "List/hello: not a directory\n")


def test_without_a_name_the_templates_that_came_with_the_program_are_pulled(cli, folder, repository, monkeypatch):
    monkeypatch.delenv("OPENFAAS_TEMPLATE_URL", raising=False)
    cli("template", "pull")
    assert "- bookstore-python\n" in cli("template", "list").out
    monkeypatch.setenv("OPENFAAS_TEMPLATE_URL", str(repository))
    cli("template", "pull")
    assert "- go\n" in cli("template", "list").out


def test_in_an_empty_folder_a_function_is_begun_all_the_same(cli, folder):
    assert cli("new", "hello", "--lang", "bookstore-python").status == 0
    assert (folder / "hello/handler_test.py").exists()
    assert cli("build", "--shrinkwrap", "-f", "hello.yml").status == 0
    built = {str(path.relative_to(folder / "build/hello")) for path in (folder / "build/hello").rglob("*")}
    assert {"Dockerfile", "index.py", "function/handler.py", "workload/app.py"} <= built
    assert not built & {"function/handler_test.py", "function/conftest.py", "workload/testing.py"}, "no tests in images"


def test_the_sources_that_a_stack_file_names_are_pulled(cli, folder, repository):
    assert cli("template", "pull", "stack").out == "Can't read configuration: no template repos currently configured\n"
    (folder / "stack.yml").write_text(
        f"provider: {{name: openfaas}}\nconfiguration: {{templates: [{{name: go, source: {repository}}}]}}"
    )
    assert cli("template", "pull", "stack").out.startswith("Pulling template: go from the stack file\n")
    assert (folder / "template/go/template.yml").exists()


def test_a_stack_file_brings_its_missing_templates(cli, folder, repository):
    (folder / "fn").mkdir()
    (folder / "stack.yml").write_text(
        f"provider: {{name: openfaas}}\nconfiguration: {{templates: [{{name: go, source: {repository}}}]}}\n"
        "functions: {fn: {lang: go, handler: fn, image: me/fn}}"
    )
    assert cli("build", "--shrinkwrap", "--disable-stack-pull").status == 1
    assert cli("build", "--shrinkwrap").status == 0


@pytest.mark.parametrize(
    ("source", "message"),
    [("nonsense", "The repository URL must be a valid git repo uri"), (".", "Can't find templates in: .")],
)
def test_what_is_no_repository_is_refused(cli, source, message):
    ran = cli("template", "pull", source)
    assert (ran.status, ran.out[: len(message)]) == (1, message)
