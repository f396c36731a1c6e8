import { computed, ref, shallowRef } from "vue";
import type { AlarmList } from "@/generated/door";

/** Faults of the gravest level that nobody has taken, as last read. */
export const alarms = shallowRef<AlarmList | null>(null);

/** Ids silenced by hand at this screen; one that comes anew sounds again. */
const silenced = ref(new Set<string>());

/** Those that make a sound now. */
export const sounding = computed(() =>
  alarms.value?.sounds ? alarms.value.orders.filter((order) => !silenced.value.has(order.id)) : [],
);

export function silence(): void {
  silenced.value = new Set(alarms.value?.orders.map((order) => order.id));
}

/** Two short tones. Tells whether the machine let them be heard: a browser may ask for a click first. */
export async function ring(audio: AudioContext): Promise<boolean> {
  if (audio.state === "suspended")
    await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 300))]);
  if (audio.state !== "running") return false;
  for (const [at, hertz] of [
    [0, 880],
    [0.28, 660],
  ] as const) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.value = 0.25;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.22);
  }
  return true;
}
