import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AsnResponse, type CityResponse, type CountryResponse, type IspResponse, Reader } from "maxmind";

export interface Place {
	/** ISO 3166-1 alpha-2 */
	country: string | null;
	city: string | null;
}

export interface Geo {
	/** country of an address, null where the database has none. About 2 µs. */
	country(address: string): string | null;
	lookup(address: string): Place;
	/** what the answers come from, for the credits */
	database: string;
}

/** The packaged country database (CC0, from the registries' own data); named in `outputFileTracingIncludes`. */
const PACKAGED = join(process.cwd(), "node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb");

/** GeoIP2 country and city records, and the flat records of the packaged file. */
type GeoRecord = Partial<CityResponse & CountryResponse> & { country_code?: string };

function toPlace(record: GeoRecord | null): Place {
	if (record === null) return { country: null, city: null };
	const country = record.country_code ?? record.country?.iso_code ?? record.registered_country?.iso_code ?? null;
	return { country: country !== null && /^[A-Z]{2}$/.test(country) ? country : null, city: record.city?.names?.en ?? null };
}

/**
 * Reads a MaxMind-format database: a GeoLite2/GeoIP2 file by path, else the packaged country database. Throws where the
 * file given cannot be read, naming it; a wrong file must not silently become "no country".
 */
export function openGeo(cityPath?: string): Geo {
	if (cityPath !== undefined) {
		let reader: Reader<GeoRecord & CityResponse>;
		try {
			reader = new Reader(readFileSync(cityPath));
		} catch (error) {
			throw new Error(`GEOIP_CITY_PATH "${cityPath}" is no readable MaxMind database: ${(error as Error).message}`);
		}
		return fromReader(reader, reader.metadata.databaseType);
	}
	return fromReader(new Reader<GeoRecord & CityResponse>(readFileSync(PACKAGED)), "geo-whois-asn-country (CC0)");
}

function fromReader(reader: Reader<GeoRecord & CityResponse>, name: string): Geo {
	const lookup = (address: string): Place => {
		try {
			return toPlace(reader.get(address));
		} catch {
			// A broken pointer inside the file concerns one address, not the caller.
			return { country: null, city: null };
		}
	};
	return { lookup, country: (address) => lookup(address).country, database: name };
}

/** Number and name of the autonomous system that announces an address: null where the file has none, undefined without a file. */
export type AutonomousSystems = (address: string) => { number: number; name: string } | null | undefined;

/** Reads a GeoLite2-ASN or GeoIP2-ISP file. Throws where it cannot be read or is of another kind, naming it. */
export function openSystems(path?: string): AutonomousSystems {
	if (path === undefined) return () => undefined;
	let reader: Reader<AsnResponse & IspResponse>;
	try {
		reader = new Reader(readFileSync(path));
	} catch (error) {
		throw new Error(`GEOIP_ASN_PATH "${path}" is no readable MaxMind database: ${(error as Error).message}`);
	}
	const kind = reader.metadata.databaseType;
	if (!/ASN|ISP/i.test(kind)) throw new Error(`GEOIP_ASN_PATH "${path}" is a database of the kind ${kind}. Give a GeoLite2-ASN or GeoIP2-ISP file.`);
	return (address) => {
		try {
			const found = reader.get(address);
			const number = found?.autonomous_system_number;
			return number === undefined ? null : { number, name: found?.autonomous_system_organization ?? "" };
		} catch {
			return null;
		}
	};
}
