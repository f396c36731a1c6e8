import { createApp } from "vue";
import App from "./App.vue";
import "./element";
import "./styles/tokens.css";
import "./styles/base.css";
import { startTicking } from "./data/now";
import { startTheme } from "./features/setting/theme";
import { router } from "./router";

startTheme();
startTicking();
createApp(App).use(router).mount("#app");
