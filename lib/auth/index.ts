export { type ApiKey, allApiKeys, apiKeysOf, createApiKey, revokeApiKey, type Scope, scopesOf } from "./api-keys";
export { BUDGET, bulkUnits, COSTS, type Cost, spend, spenderOf, VALUES_PER_UNIT } from "./limits";
export { authOptions, outsideProviders } from "./options";
export { allow, type Principal, requestPrincipal, sessionPrincipal } from "./principal";
export { type Role, roleAllows } from "./roles";
export { setupTokenMatches } from "./setup-token";
export { createFirstAdministrator, hasUsers, type User } from "./users";
