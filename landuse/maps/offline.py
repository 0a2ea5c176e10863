"""One HTML file that needs no network: every script, style and image goes inside."""

from __future__ import annotations

import base64
import hashlib
import html
import mimetypes
import os
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

from landuse.errors import DependencyError, LanduseError

LEAFLET = re.compile(r"/leaflet@(?P<version>[\d.]+)/dist/leaflet\.(?P<kind>js|css)$")
"""The only third-party asset: the files of the package xstatic-leaflet take the place of its address."""
CODE_TYPES = {"", "text/javascript", "application/javascript", "module"}
SPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml")
"""Names of XML vocabularies; they look like addresses and are never asked for."""
QUOTED = re.compile(r"""["'`]((?:[a-z]+:)?//[^"'`\s]+)""", re.IGNORECASE)
"""An address in code stands between quotes; comments begin with // as well, and are none."""
STYLE_LINK = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<link>[^"')]*)(?P=quote)\s*\)""", re.IGNORECASE)
LINKING = {
    "src",
    "href",
    "srcset",
    "data",
    "poster",
    "action",
    "formaction",
    "background",
    "xlink:href",
    "manifest",
}


def save_html(map: Any, path: str | os.PathLike[str]) -> None:
    """Write a map as one HTML file that opens without a network.

    Parameters
    ----------
    map : folium.Map
        The map, best one of ``plan_map``.
    path : path
        The file; it is replaced.

    Raises
    ------
    LanduseError
        Where the page would have to fetch something (a base map, a plug-in of folium): all addresses are
        named.
    DependencyError
        Where the package xstatic-leaflet is missing or of another version than the page asks for.
    """
    page = offline_html(map.get_root().render(), file=os.fspath(path))
    Path(path).write_text(page, encoding="utf-8", newline="\n")


def offline_html(page: str, *, file: str | None = None) -> str:
    """Return the page with Leaflet inside, a content security policy, and no address left.

    The policy lets run the very scripts that stand in the page (by their SHA-256) and nothing else: no fetch,
    no frame, no ``eval``, no script that slipped in with the data.

    Raises
    ------
    LanduseError
        Where an address is left.
    """
    inliner = _Inliner()
    inliner.feed(page.replace("\r\n", "\n").replace("\r", "\n"))
    inliner.close()
    if inliner.addresses:
        found = ", ".join(sorted(set(inliner.addresses))[:10])
        raise LanduseError(
            f"the map would have to fetch {found}",
            file=file,
            remedy="leave out the base map or plug-in it belongs to; a saved map must open without a network",
        )
    hashes = " ".join(f"'sha256-{h}'" for h in dict.fromkeys(inliner.hashes))
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    licence = f"<!--\nLeaflet, https://leafletjs.com\n\n{_asset('leaflet-licence.txt')}-->\n"
    head = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n{licence}'
    return "".join(inliner.out).replace("<head>", head, 1)


class _Inliner(HTMLParser):
    """Copies a page, with Leaflet put in, and notes scripts and addresses on the way."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.addresses: list[str] = []
        self.hashes: list[str] = []
        self._inside = (
            ""  # "script" or "style" while in one that is ours to check, "skip" in one that is left out
        )
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        link = given.get("src", "") if tag == "script" else given.get("href", "") if tag == "link" else ""
        known = LEAFLET.search(link)
        if known:
            self._put_leaflet(known["kind"], known["version"])
            self._inside = "skip" if tag == "script" else ""
            return
        self._check_tag(given)
        self.out.append(self.get_starttag_text() or "")
        if tag == "style" or (tag == "script" and given.get("type", "").lower() in CODE_TYPES):
            self._inside, self._text = tag, []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        inside, self._inside = self._inside, ""
        if inside == "skip":
            return
        text = "".join(self._text) if inside else ""
        if inside == "script":
            self.addresses += _addresses(text)
            self.hashes.append(_digest(text))
        elif inside == "style":
            self._check_style(text)
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._inside == "skip":
            return
        if self._inside:
            self._text.append(data)
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.out.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self.out.append(f"<?{data}>")

    def _check_tag(self, given: dict[str, str]) -> None:
        for name, value in given.items():
            if name in LINKING and value and not value.startswith(("data:", "#")):
                self.addresses.append(value)
            elif name == "style":
                self._check_style(value)
            elif name.startswith("on"):
                self.addresses.append(f"{name}={value}")

    def _check_style(self, text: str) -> None:
        links = (m["link"] for m in STYLE_LINK.finditer(text))
        self.addresses += [s for s in links if not s.startswith(("data:", "#"))]
        self.addresses += re.findall(r"@import[^;]*", text)

    def _put_leaflet(self, kind: str, version: str) -> None:
        folder, shipped = _leaflet_files()
        if shipped != version:
            raise DependencyError(
                f"the page asks for Leaflet {version}, the package xstatic-leaflet holds {shipped}",
                remedy=f"pip install xstatic-leaflet=={version}.*",
            )
        if kind == "css":
            self.out.append(f"<style>{_inline_style(folder / 'leaflet.css')}</style>")
            return
        for text in (_inline_script(folder / "leaflet.js"), _marker_icons(folder / "images")):
            self.hashes.append(_digest(text))
            self.out.append(f"<script>{text}</script>")


def _leaflet_files() -> tuple[Path, str]:
    try:
        from xstatic.pkg import leaflet
    except ImportError:
        raise DependencyError(
            "saving a map needs the package xstatic-leaflet", remedy="pip install xstatic-leaflet"
        ) from None
    return Path(leaflet.BASE_DIR), str(leaflet.VERSION)


def _addresses(code: str) -> list[str]:
    return [found for found in QUOTED.findall(code) if not found.startswith(SPACES)]


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _data_uri(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"


def _inline_style(file: Path) -> str:
    def put(match: re.Match[str]) -> str:
        link = match["link"]
        return match[0] if link.startswith(("data:", "#")) else f"url({_data_uri(file.parent / link)})"

    return STYLE_LINK.sub(put, file.read_text(encoding="utf-8"))


def _inline_script(file: Path) -> str:
    text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    return re.sub(r"\n//# sourceMappingURL=.*", "", text)


def _marker_icons(folder: Path) -> str:
    """Return code that gives Leaflet its marker icons as data; it cannot find them by address any more."""
    names = {
        "iconUrl": "marker-icon.png",
        "iconRetinaUrl": "marker-icon-2x.png",
        "shadowUrl": "marker-shadow.png",
    }
    icons = ",".join(f'{key}:"{_data_uri(folder / name)}"' for key, name in names.items())
    return f"delete L.Icon.Default.prototype._getIconUrl;L.Icon.Default.mergeOptions({{{icons}}});"


def _asset(name: str) -> str:
    return html.escape((files("landuse.maps") / "assets" / name).read_text(encoding="utf-8"), quote=False)
