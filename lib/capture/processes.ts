import { readdir, readFile } from "node:fs/promises";

/** Fields of /proc/<pid>/stat after the name, which may hold anything: state, parent, group. */
async function stat(pid: string): Promise<{ state: string; group: number } | null> {
	try {
		const text = await readFile(`/proc/${pid}/stat`, "utf8");
		const [state = "", , group] = text.slice(text.lastIndexOf(")") + 2).split(" ");
		return { state, group: Number(group) };
	} catch {
		return null;
	}
}

/** The living processes of a group. One that ended and waits for its parent to notice counts no more. */
export async function groupMembers(group: number): Promise<number[]> {
	const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	const found = await Promise.all(pids.map(async (pid) => ({ pid, stat: await stat(pid) })));
	return found.filter(({ stat }) => stat?.group === group && stat.state !== "Z" && stat.state !== "X").map(({ pid }) => Number(pid));
}

/** What processes hold for themselves and share among each other, in bytes; files that are only mapped do not count. */
export async function heldMemory(pids: readonly number[]): Promise<number> {
	const each = await Promise.all(
		pids.map(async (pid) => {
			const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
			const kilobytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
			return (kilobytes("RssAnon") + kilobytes("RssShmem")) * 1024;
		}),
	);
	return each.reduce((sum, bytes) => sum + bytes, 0);
}

/** Ends a process group, stopped ones too, and waits until nobody of it lives. Whether that was so within the time. */
export async function endGroup(group: number, withinMs = 5_000): Promise<boolean> {
	const until = performance.now() + withinMs;
	for (;;) {
		try {
			process.kill(-group, "SIGKILL");
		} catch {
			return true;
		}
		if ((await groupMembers(group)).length === 0) return true;
		if (performance.now() > until) return false;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}
