/** What the class decorators of consumers share: from what was said about methods to a compiled definition. */
import { DefinitionError } from '../../errors/input-errors.js';
import { classDecorator, inheritsMethods, type DecoratedClass } from '../../command/decorators/dialect.js';
import { CompiledConsumer, consumerName, type ConsumerKind } from '../compiled-consumer.js';
import type { EventHandlerFact } from '../event-handler.js';
import { finishConsumer } from '../open-consumer.js';
import type { MethodFact } from './on.js';

export function consumerDecorator(decorator: '@Projection' | '@Reaction', kind: ConsumerKind, name: unknown) {
  if (typeof name === 'function') {
    throw new DefinitionError(
      `${decorator} needs a name: write ${decorator}('${kind === 'reaction' ? 'welcome' : 'balances'}').`,
    );
  }
  const checked = consumerName(name, decorator);
  return classDecorator<MethodFact>({
    decorator,
    members: 'methods',
    complete: (decorated, facts) => {
      checkHandlers(decorated, decorator, facts);
      finishConsumer(
        decorated,
        new CompiledConsumer(
          kind,
          checked,
          facts.map((fact) => handlerFact(decorated, fact)),
        ),
      );
    },
  });
}

function checkHandlers(decorated: DecoratedClass, decorator: string, facts: readonly MethodFact[]): void {
  if (inheritsMethods(decorated)) {
    throw new DefinitionError(
      `${decorated.name} has a parent with handlers. Consumers form no inheritance hierarchy: share code by functions.`,
    );
  }
  if (facts.length === 0) {
    throw new DefinitionError(
      `${decorated.name} has ${decorator} and no handler. Decorate a method with @On(StreamType, 'Event').`,
    );
  }
}

function handlerFact(decorated: DecoratedClass, { type, event, handler: method }: MethodFact): EventHandlerFact {
  return {
    type,
    event,
    handler: {
      name: `${decorated.name}.${method}`,
      call: (self, given, context) =>
        (self as Record<string, (event: unknown, context: unknown) => unknown>)[method]!(given, context),
    },
  };
}
