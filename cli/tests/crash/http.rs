//! As much HTTP as the test needs. Any trouble with the connection means: nobody knows.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// Believed without asking who issued it; expires in the year 2286.
const TOKEN: &str = "e30.eyJleHAiOjk5OTk5OTk5OTl9.c2ln";

#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    /// Behind the account, with its query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }
}

pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    pub(crate) fn send(&mut self, ask: &Ask) -> io::Result<Answer> {
        let mut head = format!(
            "{} /devstoreaccount1/{} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-ms-version: 2023-11-03\r\n\
             authorization: Bearer {TOKEN}\r\ncontent-length: {}\r\n",
            ask.method,
            ask.path,
            ask.body.len()
        );
        for (name, value) in &ask.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let stream = self.0.get_mut();
        stream.write_all(head.as_bytes())?;
        stream.write_all(&ask.body)?;
        self.read(ask.method == "HEAD")
    }

    fn read(&mut self, is_head: bool) -> io::Result<Answer> {
        let status = self.line()?;
        let status = status
            .get(9..12)
            .and_then(|digits| digits.parse().ok())
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let line = line
                .strip_suffix("\r\n")
                .ok_or(io::ErrorKind::UnexpectedEof)?;
            match line.split_once(": ") {
                Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
                None => break,
            }
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        if let Some(length) = answer.header("content-length").filter(|_| !is_head) {
            answer.body = vec![0; length.parse().unwrap()];
            self.0.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        Ok(line)
    }
}
