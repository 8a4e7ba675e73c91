/** Programs that a simulated shell has not, which people and models reach for. Asked for by name, each is refused by name. */
export const absent = new Set(
  `python python2 python3 pip pip3 pipx uv poetry conda ruby perl php lua node nodejs npm npx yarn pnpm bun deno tsc
git gh hg svn docker podman kubectl ssh scp sftp rsync curl wget nc telnet ping dig nslookup
gcc g++ cc c++ clang clang++ make cmake ld go cargo rustc java javac mvn gradle dotnet swift
apt apt-get dpkg apk yum dnf pacman brew snap sudo su systemctl service mount umount chroot crontab
sqlite3 psql mysql redis-cli mongosh ffmpeg convert magick pandoc pdftotext tesseract libreoffice
chromium google-chrome firefox xdotool scrot tmux screen vim vi nano emacs top htop ps kill pkill killall
tar zip unzip bzip2 xz zstd yq xan js-exec html-to-markdown file`.split(/\s+/),
);

export const banner = "[simulated shell: just-bash over your files; no python, git, node, ports or desktop]";

const sentence = (name: string): string =>
  `${name}: refused: a simulated shell has no ${name}. It needs a real computer: run Deckhand on Linux with bubblewrap (COMPUTER=jail), or with Docker (COMPUTER=docker).`;

/**
 * What the shell said on stderr, with our sentence in place of its "command not found" where the name is one of ours.
 * The commands are not defined to say it themselves: then `command -v git` would find one.
 */
export function nameRefusals(stderr: string): string {
  return stderr.replaceAll(
    /^(?:bash: )?(?:line \d+: )?([\w+.-]{1,30}): command not (?:found|available in browser environments.*)$/gm,
    (said, name: string) => (absent.has(name) ? sentence(name) : said),
  );
}
