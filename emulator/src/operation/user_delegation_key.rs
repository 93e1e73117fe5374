//! Get User Delegation Key.

use crate::answer::Answer;
use crate::auth::delegation_key;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;

pub(crate) fn user_delegation_key(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    delegation_key::issue(state, ask)
}
