import { afterAll } from 'vitest';
import { removeWritten } from './written.ts';

// Once for each test file, though the files share what they import.
afterAll(removeWritten);
