"""An emulator of a backup's own, which speaks HTTPS for the service's own names."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse

from proxy import Proxy

MIB = 1 << 20
ACCOUNT, KEY = "northquay", "bm9ydGhxdWF5IGtleQ=="


@contextlib.contextmanager
def emulator(folder, *options):
    """The port, and a file with the certificate to trust."""
    trust = folder / "trust.pem"
    names = ["--https", "--https-name", "*.blob.core.windows.net", "--https-trust", str(trust)]
    command = [os.environ["BLOBFERRY"], "emulator", "--port", "0", "--output", "json", *names]
    command += ["--account", f"{ACCOUNT}:{KEY}", "--container", "backups", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        said = json.loads(process.stdout.readline())
        yield urllib.parse.urlsplit(said["url"]).port, trust
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


class BackupTest(unittest.TestCase):
    """Files to keep, and an emulator that is new or has a data directory."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        self.served = contextlib.ExitStack()
        self.addCleanup(self.served.close)

    def serve(self, *options):
        """Begins to serve; what was served before ends."""
        self.served.close()
        self.port, self.trust = self.served.enter_context(emulator(self.here, *options))
        proxy = self.served.enter_context(Proxy(self.port))
        self.served.callback(proxy.shutdown)
        self.proxy = proxy.url

    def files(self):
        folder = self.here / "files"
        folder.mkdir()
        (folder / "big").write_bytes(os.urandom(20 * MIB))
        for number in range(100):
            (folder / f"{number:03}").write_text(f"{number}\n" * number)
        return folder

    def run_program(self, command, env=None, stdin=None):
        ended = subprocess.run(
            [str(word) for word in command], input=stdin, capture_output=True, timeout=120, env={**os.environ, **(env or {})}
        )
        self.assertEqual(ended.returncode, 0, (command, ended.stdout[-2000:], ended.stderr[-4000:]))
        return ended.stdout

    def assert_same(self, one, other):
        for path in one.iterdir():
            self.assertEqual(path.read_bytes(), (other / path.name).read_bytes(), path.name)
        self.assertEqual(len(list(one.iterdir())), len(list(other.iterdir())))
