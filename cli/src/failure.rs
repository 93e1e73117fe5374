//! Why a command ended badly: what it was doing, the service's own words, and what to do.

use blobferry::advice::advice;
use blobferry::{Error, InvalidInput, TransportError};
use serde::Serialize;

use crate::exit_code::Exit;
use crate::output::{Record, human};

/// An ending that is no success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "error")]
pub(crate) struct Failure {
    /// What was being done.
    pub(crate) doing: Box<str>,
    /// What went wrong, in the words of whoever refused.
    pub(crate) message: Box<str>,
    /// One sentence that says what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<Box<str>>,
    /// HTTP status of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// The service's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<Box<str>>,
    /// The service's request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<Box<str>>,
    /// What the process ends with.
    #[serde(serialize_with = "exit_number")]
    pub(crate) exit_code: Exit,
}

impl Failure {
    /// Says that `doing` failed with `error`.
    pub(crate) fn new(doing: impl Into<Box<str>>, error: &Error) -> Self {
        let service = error.service();
        Self {
            doing: doing.into(),
            message: error.to_string().into(),
            advice: advice(error).map(Into::into),
            status: service.map(|refusal| refusal.status),
            code: service
                .and_then(|refusal| refusal.code())
                .map(|code| code.as_str().into()),
            request_id: service.and_then(|refusal| refusal.request_id.as_deref().map(Into::into)),
            exit_code: exit_of(error),
        }
    }

    /// Says that a signal ended it.
    pub(crate) fn interrupted() -> Self {
        Self::local("stopped", "interrupted", Exit::Interrupted)
    }

    /// Says that what was typed cannot be meant.
    pub(crate) fn usage(doing: impl Into<Box<str>>, message: impl Into<Box<str>>) -> Self {
        Self::local(doing, message, Exit::Usage)
    }

    /// Says that something on this machine went wrong.
    pub(crate) fn local(
        doing: impl Into<Box<str>>,
        message: impl Into<Box<str>>,
        exit: Exit,
    ) -> Self {
        Self {
            doing: doing.into(),
            message: message.into(),
            advice: None,
            status: None,
            code: None,
            request_id: None,
            exit_code: exit,
        }
    }

    /// Adds what to do about it.
    pub(crate) fn advise(mut self, advice: impl Into<Box<str>>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

/// What an error makes the process end with.
pub(crate) fn exit_of(error: &Error) -> Exit {
    match error {
        Error::Invalid(_) | Error::Transport(TransportError::Invalid(_)) => Exit::Usage,
        Error::Service(refusal) => match refusal.status {
            401 | 403 => Exit::Refused,
            404 => Exit::NotFound,
            409 | 412 => Exit::Conflict,
            _ => Exit::Service,
        },
        Error::Transport(TransportError::NotSent) => Exit::Interrupted,
        Error::Transport(TransportError::NoCredential { .. }) => Exit::Refused,
        Error::Transport(_) => Exit::Unreachable,
        _ => Exit::Service,
    }
}

/// What was typed for `argument` cannot be meant.
pub(crate) fn mistyped(argument: &str, error: &InvalidInput) -> Failure {
    Failure::usage(format!("cannot read {argument}"), error.to_string())
}

fn exit_number<S: serde::Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(exit.code())
}

impl Record for Failure {
    fn human(&self, _width: usize) -> String {
        let mut text = format!(
            "{}: {}\n  {}\n",
            human::bad("error"),
            human::plain(&self.doing),
            human::plain(&self.message)
        );
        if let Some(advice) = &self.advice {
            text.push_str(&format!(
                "  {} {}\n",
                human::moving("→"),
                human::plain(advice)
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use blobferry::ServiceError;

    #[test]
    fn every_refusal_has_its_exit_code() {
        for (status, exit) in [
            (400, Exit::Service),
            (401, Exit::Refused),
            (403, Exit::Refused),
            (404, Exit::NotFound),
            (409, Exit::Conflict),
            (412, Exit::Conflict),
            (500, Exit::Service),
            (503, Exit::Service),
        ] {
            let refusal = ServiceError {
                status,
                ..ServiceError::default()
            };
            assert_eq!(exit_of(&refusal.into()), exit, "{status}");
        }
        assert_eq!(exit_of(&TransportError::Timeout.into()), Exit::Unreachable);
        assert_eq!(exit_of(&TransportError::NotSent.into()), Exit::Interrupted);
        let input = InvalidInput::new("URL", "x", "must be one");
        assert_eq!(exit_of(&input.into()), Exit::Usage);
    }

    #[test]
    fn a_refusal_keeps_the_services_words() {
        let refusal = ServiceError {
            status: 404,
            code: Some("ContainerNotFound".into()),
            request_id: Some("r-1".to_owned()),
            ..ServiceError::default()
        };
        let failure = Failure::new("cannot list `x`", &refusal.into());
        let json = crate::output::json_line(&failure);
        for part in [
            r#""type":"error""#,
            r#""status":404"#,
            r#""code":"ContainerNotFound""#,
            r#""request_id":"r-1""#,
            r#""exit_code":4"#,
        ] {
            assert!(json.contains(part), "{json}");
        }
        assert!(failure.human(80).contains("ContainerNotFound"));
    }
}
