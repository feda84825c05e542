// A store that does not answer: another process takes SQLite's write lock.
import { spawn } from 'node:child_process';
import path from 'node:path';

// Byte 120 of the -shm file is WAL_WRITE_LOCK. Perl, because Node has no fcntl() and every Debian has Perl.
const kScript = `use Fcntl;
open(my $file, '+<', $ARGV[0]) or die $!;
my $lock = pack('s s x4 q q i x4', F_WRLCK, 0, 120, 1, 0);
fcntl($file, F_SETLKW, $lock) or die $!;
$| = 1; print "locked\\n"; <STDIN>;`;

// Runs `act` while nobody can write, and gives what it gives.
export async function whileLocked(server, act) {
  const file = path.join(server.data, 'rescind.db-shm');
  const child = spawn('perl', ['-e', kScript, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    exited.then((code) => reject(new Error(`the lock was not taken: ${code}`)));
  });
  try {
    return await act();
  } finally {
    child.stdin.end();
    await exited;
  }
}
