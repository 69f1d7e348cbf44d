/** Taking a consumer's lease, whoever has it, for something that somebody asked for: a rebuild, or a look at its dead letters. */
import { Tenure } from './tenure.js';
import type { WorkerPlan } from '../worker.js';

export async function takeTenure(plan: Omit<WorkerPlan, 'onNews'>): Promise<Tenure> {
  const { store, name: consumer } = plan;
  const onTrouble = (error: unknown): void => tellTrouble(plan, error);
  return (await Tenure.begin({ ...plan, leases: store.capabilities.leases, consumer, onTrouble }, true))!;
}

/** If it can't be given back it runs out by itself: that neither undoes what was done, nor hides what failed before. */
export async function endTenure(tenure: Tenure, plan: Omit<WorkerPlan, 'onNews'>): Promise<void> {
  try {
    await tenure.end();
  } catch (error) {
    tellTrouble(plan, error);
  }
}

function tellTrouble({ name: consumer, kind, tell }: Omit<WorkerPlan, 'onNews'>, error: unknown): void {
  tell?.('interrupted', { consumer, kind, error, delay: 0 });
}
