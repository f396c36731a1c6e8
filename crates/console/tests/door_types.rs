//! The generated TypeScript is what the command table says today.

#[test]
fn generated_types_are_up_to_date() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/generated/door.ts");
    #[expect(clippy::disallowed_methods, reason = "the test compares a file of the checkout")]
    let written = std::fs::read_to_string(file).unwrap();
    // Not `assert_eq`, which would print both files.
    assert!(
        written == zaigang_console::door::typescript(),
        "run: cargo run -p zaigang-console --example generate_types"
    );
}

#[test]
fn no_type_holds_a_64_bit_number() {
    assert!(!zaigang_console::door::typescript().contains("bigint"), "JSON numbers lose digits beyond 2^53");
}
