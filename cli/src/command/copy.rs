//! `blobferry copy`.

use blobferry::operation::CreateContainer;
use blobferry::{
    BlobAddress, Client, ContainerAddress, ErrorCode, Filter, FleetOptions, FleetPlan, Glob,
    LeaseTerm, Revision, WindowOptions,
};

use crate::args::{self, CopyArgs, OnCancel};
use crate::credentials::Side;
use crate::exit_code::Exit;
use crate::failure::{Failure, mistyped};
use crate::ferry::{Summary, ferry};
use crate::interrupt;
use crate::place::Scope;
use crate::session::Session;

/// How long a source lease lasts; it is renewed at half of it. Short, so that a run that is killed
/// does not keep others out for long.
const SOURCE_LEASE_SECONDS: u8 = 60;

/// Copies what was typed to where it was typed.
pub(crate) async fn run(args: CopyArgs, session: &Session) -> Result<Exit, Failure> {
    let source = session.spot("SOURCE", &args.source, &args.sides.source(), Side::Source)?;
    let destination = session.spot(
        "DESTINATION",
        &args.destination,
        &args.sides.destination(),
        Side::Destination,
    )?;
    // Two identities of one account are told apart by a label.
    let from = source.scope.labelled("source");
    let plan = plan(&from, &destination.scope)?;
    let options = options(&args)?;
    let client = session.client([
        (from.account().clone(), source.credential),
        (destination.scope.account().clone(), destination.credential),
    ])?;
    let what_happens = match args.on_cancel {
        OnCancel::Abort => "pending copies are aborted and leases given back",
        OnCancel::Leave => "pending copies are left to the service, leases given back",
    };
    let cancel = interrupt::listen(session.output, what_happens);
    if args.create_container && !args.dry_run {
        create(&client, plan.destination.clone()).await?;
    }
    let (report, tally) = ferry(&client, plan, options, &cancel, session.output).await?;
    let summary = Summary::of(&report, &tally, args.dry_run);
    if let Some(error) = &report.error {
        if summary.copied + summary.failed > 0 {
            session.output.result(&summary);
        }
        let at = report.error_at.as_ref().map(ToString::to_string);
        let at = at.unwrap_or_else(|| from.to_string());
        return Err(Failure::new(format!("cannot list {at}"), error));
    }
    session.output.result(&summary);
    Ok(summary.exit_code)
}

/// Which blobs go where.
fn plan(from: &Scope, to: &Scope) -> Result<FleetPlan, Failure> {
    let (container, prefix) = match from {
        Scope::Blob(blob) => return Ok(FleetPlan::blob(current(blob)?, &landing(blob, to)?)),
        Scope::Account(_) => return Err(not_a_place("copy from", from)),
        Scope::Container(container) => (container, ""),
        Scope::Prefix(container, prefix) => (container, prefix.as_str()),
    };
    let (into, new_prefix) = match to {
        Scope::Container(into) => (into, ""),
        Scope::Prefix(into, new_prefix) => (into, new_prefix.as_str()),
        Scope::Account(_) => return Err(not_a_place("copy to", to)),
        Scope::Blob(_) => {
            return Err(Failure::usage(
                "cannot copy many blobs to one",
                format!("`{from}` means many blobs and `{to}` one"),
            )
            .advise("End the destination in `/` to make it a prefix."));
        }
    };
    Ok(FleetPlan::prefix(
        container.clone(),
        prefix,
        into.clone(),
        new_prefix,
    ))
}

/// A blob as it is now.
fn current(blob: &BlobAddress) -> Result<&BlobAddress, Failure> {
    if blob.revision == Revision::Current {
        Ok(blob)
    } else {
        Err(Failure::usage(
            format!("cannot copy {blob}"),
            "a snapshot or version is copied by the library, not by this command",
        ))
    }
}

/// Where one blob goes: to the name given, or under its own last name to a container or prefix.
fn landing(blob: &BlobAddress, to: &Scope) -> Result<BlobAddress, Failure> {
    let name = blob.name.as_str();
    let last = name.rsplit('/').next().unwrap_or(name);
    let within = |container: &ContainerAddress, prefix: &str| {
        let name = format!("{prefix}{last}").parse();
        name.map(|name| container.blob(name))
            .map_err(|error| mistyped("DESTINATION", &error))
    };
    match to {
        Scope::Blob(to) => current(to).cloned(),
        Scope::Container(container) => within(container, ""),
        Scope::Prefix(container, prefix) => within(container, prefix),
        Scope::Account(_) => Err(not_a_place("copy to", to)),
    }
}

fn not_a_place(doing: &str, scope: &Scope) -> Failure {
    Failure::usage(
        format!("cannot {doing} an account"),
        format!("`{scope}` names no container"),
    )
    .advise("Name a container, a prefix that ends in `/`, or a blob.")
}

fn options(args: &CopyArgs) -> Result<FleetOptions, Failure> {
    let lease_source = args
        .lease_source
        .then(|| LeaseTerm::seconds(SOURCE_LEASE_SECONDS))
        .transpose()
        .map_err(|error| mistyped("--lease-source", &error))?;
    Ok(FleetOptions {
        overwrite: match args.overwrite {
            args::Overwrite::Always => blobferry::Overwrite::Always,
            args::Overwrite::Never => blobferry::Overwrite::Never,
            args::Overwrite::IfChanged => blobferry::Overwrite::IfChanged,
        },
        filter: Filter {
            include: globs("--include", &args.include)?,
            exclude: globs("--exclude", &args.exclude)?,
        },
        dry_run: args.dry_run,
        window: WindowOptions {
            first: args.concurrency.min(WindowOptions::default().first),
            most: args.concurrency,
        },
        verify: match args.verify {
            args::Verify::None => blobferry::Verify::None,
            args::Verify::Length => blobferry::Verify::Length,
            args::Verify::Md5 => blobferry::Verify::Md5,
            args::Verify::Content => blobferry::Verify::Content,
        },
        lease_source,
        restarts: args.restarts,
        leave_on_cancel: args.on_cancel == OnCancel::Leave,
        ..FleetOptions::default()
    })
}

fn globs(flag: &str, texts: &[String]) -> Result<Vec<Glob>, Failure> {
    let read = texts.iter().map(|text| text.parse());
    read.collect::<Result<_, _>>()
        .map_err(|error| mistyped(flag, &error))
}

/// Makes sure that the container is there.
async fn create(client: &Client, container: ContainerAddress) -> Result<(), Failure> {
    let doing = format!("cannot create {container}");
    match client.send(CreateContainer::new(container)).await {
        Err(error) if !error.has_code(&ErrorCode::CONTAINER_ALREADY_EXISTS) => {
            Err(Failure::new(doing, &error))
        }
        _ => Ok(()),
    }
}
