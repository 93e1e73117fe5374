//! The Shared Key scheme, stage by stage. Source: "Authorize with Shared Key".
