"""restic keeps snapshots of a folder in a container, checks and thins them out, and brings them back."""

import json
import unittest

from own import ACCOUNT, KEY, BackupTest


class Restic(BackupTest):
    def restic(self, *arguments):
        env = {
            "AZURE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_ACCOUNT_KEY": KEY,
            "RESTIC_REPOSITORY": "azure:backups:/repository",
            "RESTIC_PASSWORD": "password",
            "RESTIC_CACHE_DIR": str(self.here / "cache"),
            "HTTPS_PROXY": self.proxy,
        }
        return self.run_program(["restic", "--cacert", self.trust, *arguments], env)

    def keep(self):
        folder = self.files()
        self.restic("init")
        self.restic("backup", folder)
        (folder / "000").write_text("changed")
        self.restic("backup", folder)
        self.assertEqual(len(json.loads(self.restic("snapshots", "--json"))), 2)
        self.restic("forget", "--keep-last", "1", "--prune")
        return folder

    def assert_kept(self, folder):
        self.restic("check", "--read-data")
        self.restic("restore", "latest", "--target", self.here / "back")
        self.assert_same(folder, self.here / "back" / folder.relative_to("/"))

    def test_what_is_kept_in_memory_comes_back(self):
        self.serve()
        self.assert_kept(self.keep())

    def test_what_is_kept_in_a_directory_is_there_after_a_restart(self):
        data = ["--data", str(self.here / "data")]
        self.serve(*data)
        folder = self.keep()
        self.serve(*data)
        self.assert_kept(folder)


if __name__ == "__main__":
    unittest.main()
