import { computed, type InjectionKey, inject, provide, type Ref } from "vue";
import type { Read } from "@/data/reads";
import type { StockStores, StoreDto } from "@/generated/door";

/** The store that is looked at, and the words of its forms. */
export interface StoreContext {
  store: Ref<StoreDto>;
  words: Ref<StockStores>;
}

const KEY: InjectionKey<StoreContext> = Symbol("store");

/** Which of the stores is meant: the one asked for, else the first. */
export function storeAt(stores: StoreDto[], asked: string | null): StoreDto | null {
  return stores.find((store) => store.id === asked) ?? stores[0] ?? null;
}

/** Gives everything below the store that is looked at. Only where there is one. */
export function provideStore(read: Read<StockStores>, asked: () => string | null): void {
  const words = computed(() => read.data.value as StockStores);
  const store = computed(() => storeAt(words.value.stores, asked()) as StoreDto);
  provide(KEY, { store, words });
}

/** The store that is looked at. */
export function useStore(): StoreContext {
  const context = inject(KEY);
  if (!context) throw new Error("a screen of stock stands outside of StockPage");
  return context;
}
