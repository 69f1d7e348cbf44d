/** How a stated event and a recorded one are compared and shown. */
import type { RecordedEvent } from '@eventcore/core';
import { differences } from './differences.js';
import type { Comparison } from './list-fault.js';
import type { SpecEvent } from './on.js';
import { told } from './told.js';

export const eventComparison: Comparison<SpecEvent, RecordedEvent> = {
  differences(expected, actual) {
    if (expected.stream !== actual.stream || expected.type !== actual.type) {
      return [
        ...differences(expected.stream, actual.stream, '(stream)'),
        ...differences(expected.type, actual.type, '(type)'),
      ];
    }
    return [
      ...differences(expected.data, actual.data),
      ...differences(
        expected.versionStated ? expected.schemaVersion : actual.schemaVersion,
        actual.schemaVersion,
        '(schema version)',
      ),
      ...detailsOf(expected, actual),
    ];
  },
  akin: (expected, actual) => expected.stream === actual.stream || expected.type === actual.type,
  cellsOfExpected: ({ stream, type, data }) => [stream, type, told(data)],
  cellsOfActual: ({ stream, type, data }) => [stream, type, told(data)],
};

/** Only what is stated is compared. In brackets, since data may have fields of the same names. */
function detailsOf({ details }: SpecEvent, actual: RecordedEvent): string[] {
  const { metadata, correlationId, causationId, at } = details;
  return [
    ...(metadata === undefined ? [] : differences(metadata, actual.metadata, '(metadata)')),
    ...(correlationId === undefined ? [] : differences(correlationId, actual.correlationId, '(correlationId)')),
    ...(causationId === undefined ? [] : differences(causationId, actual.causationId, '(causationId)')),
    ...(at === undefined ? [] : differences(at, actual.recordedAt, '(at)')),
  ];
}
