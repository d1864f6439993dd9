"""Tags follow from what an image is made of, and from nothing else."""

import tarfile

from deploy.images import pip_configuration
from deploy.recipes import RECIPES, RECIPES_WITH_REGISTRY, archive, files_of, plans, tag_of
from deploy.settings import IMAGES


def test_the_same_inputs_give_the_same_tag():
    assert tag_of({"a": b"1", "b": b"2"}, ["p"]) == tag_of({"b": b"2", "a": b"1"}, ["p"])


def test_a_changed_file_a_changed_name_and_a_changed_parent_each_change_the_tag():
    tags = {
        tag_of({"a": b"1"}, ["p"]),
        tag_of({"a": b"2"}, ["p"]),
        tag_of({"b": b"1"}, ["p"]),
        tag_of({"a": b"1"}, ["q"]),
        tag_of({"a": b"1", "p": b""}, []),
    }
    assert len(tags) == 5


def test_the_build_context_is_the_same_bytes_every_time():
    first, second = archive({"a": b"1", "d/b": b"2"}), archive({"d/b": b"2", "a": b"1"})
    assert first.getvalue() == second.getvalue()
    with tarfile.open(fileobj=first) as tar:
        assert tar.getnames() == ["a", "d/b"]


def test_every_folder_of_images_has_a_recipe_and_the_reverse():
    assert {recipe.name for recipe in RECIPES_WITH_REGISTRY} == {path.name for path in IMAGES.iterdir()}


def test_an_image_comes_after_those_it_starts_from():
    known = {"debian"}
    for recipe in RECIPES_WITH_REGISTRY:
        assert set(recipe.parents.values()) <= known, recipe.name
        known.add(recipe.name)


def test_dockerfiles_name_only_parents_of_the_recipe():
    for recipe in RECIPES_WITH_REGISTRY:
        dockerfile = files_of(recipe)["Dockerfile"].decode()
        starts = {line.split()[1] for line in dockerfile.splitlines() if line.startswith("FROM ")}
        assert starts == {f"${{{argument}}}" for argument in recipe.parents}, recipe.name


def test_compiled_files_are_no_inputs():
    platform = next(recipe for recipe in RECIPES_WITH_REGISTRY if recipe.name == "platform")
    assert not [path for path in files_of(platform) if path.endswith(".pyc")]


def test_every_image_that_runs_has_a_user_other_than_root():
    for recipe in RECIPES_WITH_REGISTRY:
        if recipe.name not in ("base", "python"):
            assert b"\nUSER " in files_of(recipe)["Dockerfile"], recipe.name


def test_a_new_root_file_system_gives_every_image_a_new_tag():
    before, after = plans("debian:a"), plans("debian:b")
    assert not {plan.tag for plan in before.values()} & {plan.tag for plan in after.values()}
    assert len({plan.tag for plan in before.values()}) == len(RECIPES)


def test_the_hosts_package_index_reaches_builds_and_nothing_else_does():
    listing = "global.index-url='https://near.example/simple'\nglobal.cert='/x.crt'\n:env:.find-links='/wheels'\n"
    assert pip_configuration(listing).splitlines() == ["[global]", "index-url = https://near.example/simple"]
