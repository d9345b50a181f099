export { IndicatorLoading as default } from "../../indicator-loading";
