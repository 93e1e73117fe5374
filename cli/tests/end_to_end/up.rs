//! The built emulator in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::Child;

use serde_json::Value;

use crate::quay::bare;

/// An emulator on any free port, with what it said of itself; ends with the test.
pub(crate) struct Up {
    pub(crate) child: Child,
    pub(crate) shown: Value,
}

impl Up {
    pub(crate) fn with(args: &[&str]) -> Self {
        Self::given(args, &[])
    }

    /// As [`with`](Self::with), with these variables in its environment.
    pub(crate) fn given(args: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = bare(&["emulator", "--port", "0", "--output", "json"])
            .args(args)
            .envs(variables.iter().copied())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut first).unwrap();
        let shown = serde_json::from_str(&first).unwrap_or_else(|_| panic!("{first}"));
        Self { child, shown }
    }

    pub(crate) fn text(&self, field: &str) -> &str {
        self.shown.get(field).and_then(Value::as_str).unwrap()
    }

    pub(crate) fn connection_string(&self) -> &str {
        let text = self.shown.pointer("/accounts/0/connection_string");
        text.and_then(Value::as_str).unwrap()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
