//! The client over real sockets, against a server that says exactly what it is told to say.

mod raw;
mod traces;
mod transport;
