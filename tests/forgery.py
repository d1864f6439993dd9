"""Access tokens that nobody may believe, of every kind that is known to have been believed somewhere."""

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Claims = dict[str, Any]


@dataclass(frozen=True)
class Keys:
    """The shop's keys, as PEM. A forger knows the public one; the private one makes tokens that are nearly right."""

    private: str
    public: str


Forger = Callable[[Claims, Keys], str]


def claims_of(user_id: str, role: str = "admin", **more: Any) -> Claims:
    """What a good token of a user says."""
    now = int(time.time())
    who = {"sub": user_id, "name": "Mallory", "role": role, "jti": uuid.uuid4().hex, "sid": ""}
    return {**who, "iss": "bookstore", "aud": "bookstore-api", "iat": now, "exp": now + 600, **more}


def signed(claims: Claims, keys: Keys) -> str:
    """A token made with the shop's own key."""
    return jwt.encode(claims, keys.private, algorithm="EdDSA")


def _part(content: Any) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return jwt.utils.base64url_encode(raw).decode()


def _by_a_stranger(header: Claims, payload: Any) -> str:
    """A token with any header, signed with a key of one's own."""
    start = f"{_part({'alg': 'EdDSA', 'typ': 'JWT', **header})}.{_part(payload)}"
    return f"{start}.{_part(_STRANGER.sign(start.encode()))}"


_STRANGER = Ed25519PrivateKey.generate()
_OWN_KEY = _part(_STRANGER.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
_JWK = {"kty": "OKP", "crv": "Ed25519", "x": _OWN_KEY, "kid": "1"}


def _header(**header: Any) -> Forger:
    return lambda claims, _: _by_a_stranger(header, claims)


def _payload(content: Any) -> Forger:
    return lambda _, __: _by_a_stranger({}, content)


def _unsigned(algorithm: str) -> Forger:
    return lambda claims, _: f"{_part({'alg': algorithm, 'typ': 'JWT'})}.{_part(claims)}."


def _hmac_with_the_public_key(claims: Claims, keys: Keys) -> str:
    # PyJWT refuses to make such a token; a forger's program does not.
    start = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    mac = hmac.HMAC(keys.public.encode(), hashes.SHA256())
    mac.update(start.encode())
    return f"{start}.{_part(mac.finalize())}"


def _without(claim: str) -> Forger:
    return lambda claims, keys: signed({name: value for name, value in claims.items() if name != claim}, keys)


def _with(**changed: Any) -> Forger:
    return lambda claims, keys: signed({**claims, **changed}, keys)


def _cut(of: Callable[[list[str]], str]) -> Forger:
    return lambda claims, keys: of(signed(claims, keys).split("."))


def _promoted(claims: Claims, keys: Keys) -> str:
    head, _, signature = signed({**claims, "role": "user"}, keys).split(".")
    return ".".join((head, signed(claims, keys).split(".")[1], signature))


def _other_header(claims: Claims, keys: Keys) -> str:
    return ".".join((_part({"alg": "none"}), *signed(claims, keys).split(".")[1:]))


_NOW = int(time.time())
_REQUIRED = ("exp", "iat", "sub", "jti", "aud", "iss", "name", "role")

FORGED: dict[str, Forger] = {
    "of another key": _header(),
    "of another key that it names itself": _header(jwk=_JWK, kid="1"),
    "of another key that is found elsewhere": _header(jku="http://127.0.0.1/keys.json", x5u="http://127.0.0.1/key.pem"),
    "of a key that is a file": _header(kid="../../../../dev/null"),
    "of a key that is a query": _header(kid="x' UNION SELECT 'key"),
    "that asks for an extension": _header(crit=["exp2"], exp2=1),
    **{f"unsigned: {name}": _unsigned(name) for name in ("none", "None", "NONE", "nOnE", "")},
    "signed with the public key as a password": _hmac_with_the_public_key,
    "of an algorithm that is none of ours": _header(alg="ES256"),
    "whose algorithm is a number": _header(alg=1),
    "with its role changed": _promoted,
    "with its header changed": _other_header,
    "without its signature": _cut(lambda parts: ".".join(parts[:2])),
    "with an empty signature": _cut(lambda parts: ".".join((*parts[:2], ""))),
    "with its end cut off": _cut(lambda parts: ".".join(parts)[:-6]),
    "with a part too many": _cut(lambda parts: ".".join((*parts, parts[1]))),
    "of signature alone": _cut(lambda parts: f"..{parts[2]}"),
    "in one part": _cut("".join),
    "that says nothing": _payload(b""),
    "that is no object": _payload([]),
    "that is null": _payload(None),
    "that is no JSON": _payload(b"{"),
    "that is no text": _payload(b"\xff\xfe"),
    "with a header that is no object": lambda claims, _: f"{_part([])}.{_part(claims)}.{_part(b'x' * 64)}",
    "with a deep header": lambda claims, _: f"{_part(b'[' * 5000)}.{_part(claims)}.{_part(b'x' * 64)}",
    "with a header of a great number": lambda claims, _: f"{_part(b'9' * 5000)}.{_part(claims)}.{_part(b'x' * 64)}",
    "expired": _with(exp=_NOW - 5),
    "expired long ago": _with(exp=-1),
    "that ends at no time": _with(exp="soon"),
    "that ends at infinity": _with(exp=float("inf")),
    "that was made in the future": _with(iat=_NOW + 3600),
    "that is not good yet": _with(nbf=_NOW + 3600),
    "for another audience": _with(aud="somebody-else"),
    "of another issuer": _with(iss="somebody-else"),
    "of nobody": _with(sub=None),
    "of a number": _with(sub=7),
    "of several": _with(sub=["a", "b"]),
    **{f"without {claim}": _without(claim) for claim in _REQUIRED},
}

NO_TOKENS = ["", "Bearer", "Bearer ", "Bearer not.a.token", "Bearer a b", "Basic YTpi", "Token x", "é", "Bearer é.é.é"]
"""Values of the header Authorization that hold no token at all."""
