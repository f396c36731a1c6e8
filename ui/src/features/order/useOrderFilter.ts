import { computed } from "vue";
import { type LocationQueryRaw, useRoute, useRouter } from "vue-router";
import { FILTER_KEYS, filterAt, type OrderFilter } from "./listArgs";

/** The filter in the address: going back, reloading and links keep it. */
export function useOrderFilter() {
  const route = useRoute();
  const router = useRouter();

  const filter = computed(() => filterAt(route.query, "mine"));
  const narrowed = computed(() => FILTER_KEYS.some((key) => key !== "sort" && filter.value[key]));

  function change(next: Partial<OrderFilter>): void {
    const query: LocationQueryRaw = { ...route.query, ...next };
    for (const key of Object.keys(query)) if (!query[key]) delete query[key];
    void router.replace({ path: route.path, query });
  }
  /** Shows exactly this, such as a saved view. */
  const replace = (query: Record<string, string>) => router.push({ path: "/orders", query });
  const clear = () => change(Object.fromEntries(FILTER_KEYS.map((key) => [key, null])));
  const openOrder = (id: string, replace = false) =>
    router[replace ? "replace" : "push"]({ path: `/orders/${id}`, query: route.query });
  const closeOrder = () => router.push({ path: "/orders", query: route.query });
  return { filter, narrowed, change, clear, replace, openOrder, closeOrder };
}
