import { claimDataFolder, DataFolderInUseError, type DataFolder } from '@action-mesh/devstack';

/** The data folder of this checkout, or a sentence that names its current holder. */
export async function claimData(): Promise<DataFolder | string> {
  try {
    return await claimDataFolder();
  } catch (error) {
    if (error instanceof DataFolderInUseError) return error.message;
    throw error;
  }
}
