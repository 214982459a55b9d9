import { claimDataFolder, DataFolderInUseError, type DataFolder } from '@action-mesh/devstack';

/** The data folder of this checkout, or the sentence that says who holds it. */
export async function claimData(): Promise<DataFolder | string> {
  try {
    return await claimDataFolder();
  } catch (error) {
    if (error instanceof DataFolderInUseError) return error.message;
    throw error;
  }
}
