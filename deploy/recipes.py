"""Which images there are, what each is made of, and the tag that follows from it. Pure, save for reading files."""

import hashlib
import io
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.settings import IMAGES, ROOT

_UNWANTED = ("__pycache__", ".mypy_cache", ".ruff_cache")
_MODE = 0o644


@dataclass(frozen=True)
class Recipe:
    """One image: its folder under gateway-config/images, the images it starts from, the code folders it holds."""

    name: str
    parents: Mapping[str, str]
    """Build argument → name of the image whose id is given for it."""
    code: tuple[str, ...] = ()
    """Top-level folders of the repository that end up in /app."""


RECIPES = (
    Recipe("base", {"DEBIAN": "debian"}),
    Recipe("python", {"BASE": "base"}),
    Recipe("mariadb", {"BASE": "base"}),
    Recipe("rabbitmq", {"BASE": "base"}),
    Recipe("prometheus", {"BASE": "base"}),
    Recipe("platform", {"PYTHON": "python"}, code=("faas", "bookstore")),
    Recipe("gateway", {"PYTHON": "python", "PLATFORM": "platform"}),
    Recipe("client", {"PYTHON": "python"}, code=("client",)),
    Recipe("function-runtime", {"PYTHON": "python"}),
)
# What several machines need.
RECIPES_WITH_REGISTRY = (*RECIPES, Recipe("registry", {"BASE": "base"}))


@dataclass(frozen=True)
class Plan:
    """A recipe with what was read for it, at one moment: what is tagged is what is built."""

    recipe: Recipe
    files: Mapping[str, bytes]
    tag: str
    """`bookstore/<name>:<hash>`; the hash covers those of the images it starts from."""
    arguments: Mapping[str, str]
    """Build argument → tag of the parent."""


def plans(root: str, recipes: Iterable[Recipe] = RECIPES) -> dict[str, Plan]:
    """Name → plan of every image, parents first; `root` is the tag of the file system they all start from."""
    made: dict[str, Plan] = {}
    for recipe in recipes:
        arguments = {arg: made[name].tag if name in made else root for arg, name in recipe.parents.items()}
        files = files_of(recipe)
        tag = f"bookstore/{recipe.name}:{tag_of(files, arguments.values())}"
        made[recipe.name] = Plan(recipe, files, tag, arguments)
    return made


def files_of(recipe: Recipe) -> dict[str, bytes]:
    """The files of the image's build context, by their path in it."""
    files = dict(_read(IMAGES / recipe.name, ""))
    for folder in recipe.code:
        files.update(_read(ROOT / folder, f"app/{folder}/"))
    return files


def tag_of(files: Mapping[str, bytes], parents: Iterable[str]) -> str:
    """The tag for an image made of these files on these parents' tags: 16 hex digits."""
    digest = hashlib.sha256()
    for part in (*sorted(parents), *sorted(files)):
        content = files.get(part, b"")
        digest.update(f"{len(part)}:{part}:{len(content)}:".encode() + content)
    return digest.hexdigest()[:16]


def archive(files: Mapping[str, bytes]) -> io.BytesIO:
    """The build context as a tar archive: the same files always give the same bytes, so the engine's cache works."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for path, content in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(content), _MODE
            tar.addfile(entry, io.BytesIO(content))
    stream.seek(0)
    return stream


def _read(folder: Path, prefix: str) -> Iterable[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not set(_UNWANTED) & set(path.parts):
            yield prefix + path.relative_to(folder).as_posix(), path.read_bytes()
