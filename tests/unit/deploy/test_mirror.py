"""Where the host's apt gets Debian from, in both of apt's formats."""

from pathlib import Path

import pytest

from deploy.mirror import sources_for


@pytest.fixture
def apt(tmp_path: Path) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_a_one_line_source_becomes_the_images_mirror(apt: Path):
    (apt / "sources.list").write_text(
        "# deb http://unused.example/debian bookworm main\n"
        "deb [signed-by=/k.gpg arch=amd64] http://near.example/debian bookworm main contrib\n"
        "deb http://near.example/debian-security bookworm-security main\n"
    )
    assert sources_for("trixie", apt).splitlines() == [
        "deb http://near.example/debian trixie main",
        "deb http://near.example/debian trixie-updates main",
        "deb http://near.example/debian-security trixie-security main",
    ]


def test_a_deb822_source_becomes_the_images_mirror(apt: Path):
    (apt / "sources.list.d" / "debian.sources").write_text(
        "Types: deb\n# URIs: http://unused.example/debian\nURIs: http://near.example/debian/\n"
        "Suites: trixie trixie-updates\nComponents: main\n\n"
        "Types: deb\nURIs: http://near.example/debian-security\nSuites: trixie-security\nComponents: main\n"
    )
    assert sources_for("trixie", apt).splitlines() == [
        "deb http://near.example/debian/ trixie main",
        "deb http://near.example/debian/ trixie-updates main",
        "deb http://near.example/debian-security trixie-security main",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Types: deb\nURIs: http://near.example/debian\nSuites: trixie\nEnabled: no\n",
        "Types: deb-src\nURIs: http://near.example/debian\nSuites: trixie\n",
        "Types: deb\nURIs: http://near.example/ubuntu\nSuites: noble\n",
    ],
)
def test_sources_that_do_not_serve_debian_packages_are_passed_over(apt: Path, text: str):
    (apt / "sources.list.d" / "x.sources").write_text(text)
    assert sources_for("trixie", apt) == ""


def test_a_host_without_a_security_mirror_still_has_its_archive(apt: Path):
    (apt / "sources.list.d" / "x.list").write_text("deb http://near.example/debian sid main\n")
    assert "security" not in sources_for("trixie", apt)
