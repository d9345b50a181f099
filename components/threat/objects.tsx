import type { EventObject, ObjectReference } from "@/lib/trackers/threat/contents";
import { Badge } from "../ui/badge";
import { AttributeTable } from "./attributes";

function Target({ target }: { target: ObjectReference["target"] }) {
	if (target.kind === "missing") {
		return (
			<span className="text-ink-3" title="Neither an object nor an attribute of this event">
				{target.uuid} (not in this event)
			</span>
		);
	}
	return (
		<a href={`#${target.kind === "object" ? "o" : "a"}-${target.id}`} className="break-all text-accent">
			{target.name}
		</a>
	);
}

/** What an object says of others, and what others say of it: sentences, never followed, so that a circle is just two of them. */
function References({ object }: { object: EventObject }) {
	if (object.references.length === 0 && object.referredBy.length === 0) return null;
	return (
		<ul className="border-t border-line px-4 py-2 text-sm text-ink-2">
			{object.references.map((reference) => (
				<li key={`${reference.relationship} ${reference.target.id}`}>
					<span className="text-ink-3">→</span> {reference.relationship} <Target target={reference.target} />
					{reference.comment !== null && <span className="text-ink-3"> · {reference.comment}</span>}
				</li>
			))}
			{object.referredBy.map((from) => (
				<li key={`${from.relationship} ${from.id}`}>
					<span className="text-ink-3">←</span>{" "}
					<a href={`#o-${from.id}`} className="text-accent">
						{from.name}
					</a>{" "}
					{from.relationship} this
				</li>
			))}
		</ul>
	);
}

/** Objects of an event: each with what belongs to it and how it hangs together with the others. */
export function ObjectList({ objects, now }: { objects: readonly EventObject[]; now: string }) {
	return objects.map((object) => (
		<section key={object.id} id={`o-${object.id}`} aria-label={object.name} className="scroll-mt-16 border-b border-line last:border-b-0 target:bg-sunken">
			<header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 pt-2.5 pb-1">
				<h3 className="font-medium">{object.name}</h3>
				{object.metaCategory !== null && <Badge>{object.metaCategory}</Badge>}
				{(object.comment ?? object.description) !== null && <p className="min-w-0 text-sm break-words text-ink-3">{object.comment ?? object.description}</p>}
			</header>
			{object.attributes.length > 0 && (
				<div className="overflow-x-auto">
					<AttributeTable attributes={object.attributes} now={now} inObject />
				</div>
			)}
			<References object={object} />
		</section>
	));
}
