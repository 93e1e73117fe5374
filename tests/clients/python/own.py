"""Emulators that a test starts for itself, with options of its own."""

import base64
import contextlib
import datetime
import json
import os
import subprocess

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

import conftest


@contextlib.contextmanager
def emulator(*options):
    """What an emulator with these options says of itself; ends with the block."""
    accounts = ["--account", "northquay:bm9ydGhxdWF5IGtleQ==", "--account", "southquay:c291dGhxdWF5IGtleQ=="]
    command = [os.environ["BLOBFERRY"], "emulator", "--port", "0", "--output", "json", *accounts, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    """Somebody who signs tokens, and whose key an emulator may know."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())

    def key_set(self):
        point = self.key.public_key().public_numbers()
        x, y = (encoded(number.to_bytes(32, "big")) for number in (point.x, point.y))
        return json.dumps({"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "x": x, "y": y}]})

    def token(self, lifetime=3600, audience="https://storage.azure.com"):
        now = int(datetime.datetime.now(datetime.timezone.utc).timestamp())
        claims = {
            "iss": "https://sts.windows.net/harbour/", "tid": "harbour", "oid": "pilot", "aud": audience,
            "nbf": now - 60, "exp": now + lifetime,
        }
        header = {"alg": "ES256", "typ": "JWT", "kid": "one"}
        text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
        r, s = utils.decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class Account(conftest.Account):
    """An account whose certificate is one that was made on the spot."""

    def __init__(self, shown, kind, trust=None):
        super().__init__(shown, kind)
        self.trust = {} if trust is None else {"connection_verify": trust}

    def service(self, credential=None, **options):
        return super().service(credential, **self.trust, **options)
