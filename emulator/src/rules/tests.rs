use super::*;

#[test]
fn every_operation_on_a_blob_has_a_rule() {
    use crate::kind::Level;
    let free = [Kind::UndeleteBlob, Kind::GetAccountInformationOfBlob];
    for kind in Kind::all().filter(|kind| kind.level() == Level::Blob) {
        assert_eq!(Rule::of(kind).is_none(), free.contains(&kind), "{kind:?}");
    }
}
