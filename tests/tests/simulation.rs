//! The seeded simulation: many seeds, the same run twice, every deliberate break found.

use zaigang_tests::sim::{Plan, run};

#[test]
fn a_few_seeds() {
    for seed in 0..20 {
        if let Err(failure) = run(seed, Plan::usual(seed)) {
            panic!("{failure}");
        }
    }
}
