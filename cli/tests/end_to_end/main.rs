//! The built command against an emulator: what people type, what they see, what it leaves behind.

mod copying;
mod interrupted;
mod killed;
mod looking;
mod quay;
mod wrong_input;
