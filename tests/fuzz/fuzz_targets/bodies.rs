//! Any request, with any body of any declared type, is decoded: no panic, and no more comes out than went in.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pixelhound::capture::Lists;
use pixelhound::exchange::{BodyForm, DecodedBody, Exchange, ProducerHabits, json};
use pixelhound_fuzz::memory::Allowance;
use pixelhound_fuzz::request;

const ALLOWANCE: Allowance = Allowance {
    // The paths of JSON values, which may repeat a long key; and what a compressed body unpacks to.
    fixed: 64 << 20,
    each: 100,
};

fuzz_target!(|bytes: &[u8]| {
    let entry = request::entry(bytes);
    let length = request::length(&entry);
    ALLOWANCE.hold(length, || {
        let (body, _) = DecodedBody::of_entry(&entry, Lists::Unknown);
        check_parameters(&body, length);
        if let Some(exchange) = Exchange::decode(&entry, ProducerHabits::default()) {
            check_exchange(&exchange, length);
            assert_eq!(exchange.body, body);
        }
    });
});

fn check_parameters(body: &DecodedBody, length: usize) {
    let (parameters, _) = body.parameters();
    // A compressed body is longer than what came in.
    let read = length.max(body.text.len());
    assert!(parameters.len() <= read.min(json::MAX_LEAVES.max(body.text.len())));
    if body.form == BodyForm::Urlencoded {
        let raw: usize = parameters.iter().map(|parameter| parameter.raw.len()).sum();
        assert!(raw <= body.text.len());
    }
}

fn check_exchange(exchange: &Exchange, length: usize) {
    assert!(exchange.cookies.len() <= length);
    assert!(exchange.query_parameters().len() <= length);
    assert!(!exchange.address.host.is_empty() && !exchange.address.raw.contains('#'));
    assert!(exchange.bytes_sent >= exchange.body.text.len() as u64);
    if let Some(target) = &exchange.redirect_to {
        assert!(target.starts_with("http"), "{target}");
    }
    exchange.referer();
}
