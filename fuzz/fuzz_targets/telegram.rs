//! Telegrams as bytes and as pasted text, judged by a key: whatever comes in, an answer comes out, and values only out of
//! what the key opens.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::meter::{
    key::MeterKey,
    telegram::{Content, MAX_READINGS, Telegram, Verdict},
};

fuzz_target!(|input: &[u8]| {
    let Some((key, frame)) = input.split_first_chunk::<16>() else {
        return;
    };
    let key = MeterKey::new(*key);
    let pasted = std::str::from_utf8(frame).ok().and_then(|text| Telegram::parse(text).ok());
    for telegram in [Telegram::from_bytes(frame).ok(), pasted].into_iter().flatten() {
        let opened = telegram.open(&key);
        assert_eq!(opened.verdict, telegram.verify(&key));
        if let Content::Full(readings) = opened.content {
            assert!(readings.len() <= MAX_READINGS);
            assert_ne!(opened.verdict, Verdict::WrongKey);
        }
    }
});
