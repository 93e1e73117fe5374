"""pgBackRest's repository of files, which needs no database."""

import json
import os
import unittest

from own import ACCOUNT, KEY, MIB, BackupTest


class PgBackRest(BackupTest):
    def setUp(self):
        super().setUp()
        self.serve()
        self.settings = self.here / "pgbackrest.conf"
        self.settings.write_text(
            f"""[global]
repo1-type=azure
repo1-path=/repository
repo1-azure-account={ACCOUNT}
repo1-azure-key={KEY}
repo1-azure-container=backups
repo1-azure-host=localhost
repo1-azure-uri-style=path
repo1-storage-port={self.port}
repo1-storage-ca-file={self.trust}
log-path={self.here}
lock-path={self.here}
"""
        )

    def repository(self, command, *arguments, stdin=None):
        program = ["pgbackrest", f"--config={self.settings}", "--log-level-file=off", "--repo=1"]
        return self.run_program([*program, f"repo-{command}", *arguments], stdin=stdin)

    def test_files_are_put_listed_got_and_removed(self):
        small, big = b"text\n", os.urandom(20 * MIB)
        self.repository("put", "archive/small", stdin=small)
        self.repository("put", "archive/deep/big", stdin=big)
        self.assertEqual(self.repository("get", "archive/small"), small)
        self.assertEqual(self.repository("get", "archive/deep/big"), big)
        listed = json.loads(self.repository("ls", "--recurse", "--output=json", "archive"))
        files = {path: item["size"] for path, item in listed.items() if item["type"] == "file"}
        self.assertEqual(files, {"small": len(small), "deep/big": len(big)})
        self.repository("rm", "--recurse", "archive")
        self.assertEqual(json.loads(self.repository("ls", "--output=json")), {".": {"type": "path"}})


if __name__ == "__main__":
    unittest.main()
