//! The network: messages under way, and what goes wrong with them.

use zaigang_console::sync::Request;

use super::console::Reply;
use super::random::Random;

/// A message under way.
#[derive(Debug, Clone)]
pub enum Message {
    /// To the centre.
    Up(Request),
    /// Back to the console.
    Down(Reply),
}

/// A message with its console and the try it belongs to.
#[derive(Debug, Clone)]
pub struct Flying {
    /// The console's number.
    pub console: usize,
    /// The try: a console waits for one at a time.
    pub token: u64,
    /// The message.
    pub message: Message,
    /// Logs that the console must stop when it takes this answer to its hello.
    pub must_stop: Vec<String>,
}

/// What happens to a message that is to be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives.
    Arrives,
    /// It is lost.
    Lost,
    /// It arrives and a second one stays under way.
    Twice,
    /// It arrives cut or altered.
    Damaged,
}

/// All messages under way. Which one is delivered next is drawn, so that they overtake each other.
#[derive(Debug, Default)]
pub struct Wire {
    flying: Vec<Flying>,
}

impl Wire {
    /// Sends.
    pub fn send(&mut self, flying: Flying) {
        self.flying.push(flying);
    }

    /// Whether nothing is under way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flying.is_empty()
    }

    /// Loses everything.
    pub fn clear(&mut self) {
        self.flying.clear();
    }

    /// Takes one out, with its fate.
    pub fn next(&mut self, random: &mut Random, faults: bool) -> Option<(Flying, Fate)> {
        if self.flying.is_empty() {
            return None;
        }
        let flying = self.flying.swap_remove(random.below(self.flying.len()));
        let fate = match random.below(100) {
            _ if !faults => Fate::Arrives,
            0..12 => Fate::Lost,
            12..20 => Fate::Twice,
            20..26 => Fate::Damaged,
            _ => Fate::Arrives,
        };
        if fate == Fate::Twice {
            self.flying.push(flying.clone());
        }
        Some((flying, fate))
    }
}

/// Cuts or alters bytes.
pub fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    if bytes.is_empty() {
        return;
    }
    if random.chance(40) {
        let keep = random.below(bytes.len());
        bytes.truncate(keep);
        return;
    }
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << random.below(8);
        }
    }
}
