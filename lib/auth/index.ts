export { type ApiKey, apiKeysOf, createApiKey, revokeApiKey, SCOPES, type Scope } from "./api-keys";
export { type AuditEntry, auditEntries } from "./audit";
export { authOptions, outsideProviders } from "./options";
export { allow, type Principal, requestPrincipal, sessionPrincipal } from "./principal";
export { ROLES, type Role, roleAllows } from "./roles";
export { setupTokenMatches } from "./setup-token";
export { createFirstAdministrator, hasUsers, type User } from "./users";
