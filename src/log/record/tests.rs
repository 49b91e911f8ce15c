//! Records against golden bytes, hand-made damage, and random events.

mod damage;
mod golden;
mod random;
mod sample;
mod versions;
