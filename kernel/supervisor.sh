# The kernel's parent: `sh supervisor.sh node FLAG… main.js CONNECTION_FILE`. It passes signals on, and ends as the kernel ended.
# When the kernel died without having said goodbye, it first becomes last-words.js, which tells the clients why.
# A shell, because it starts in a millisecond and is small: the kernel has to answer soon.

for file; do :; done # the last argument
note=$file.note

# The kernel's note lies in a file without a name, open in both processes as descriptor 3: nothing can be left behind.
# (The subshell keeps the kernel's umask, `command` the shell alive.)
create() { (umask 077 && set -C && : > "$note") 2> /dev/null; }
# One that is there was left by a supervisor that was killed right here.
if { create || { rm -f "$note" && create; }; } 2> /dev/null && command exec 3<> "$note"; then
  NABLA_SUPERVISOR=$$ "$@" <&0 &
  kernel=$!
else
  exec "$@"
fi

forward() {
  again=yes
  kill -s "$1" "$kernel" 2> /dev/null
}
for signal in HUP INT TERM USR1; do trap "forward $signal" $signal; done
# Not before the kernel is on its way: `rm` is a process more.
rm -f "$note"

# A signal ends the waiting, not the kernel. Who was waited for already is 127.
status=127
again=yes
while [ "$again" ]; do
  again=
  wait "$kernel" 2> /dev/null
  code=$?
  [ $code -eq 127 ] || status=$code
done

# What comes now would be a second core file, and of nobody's interest.
ulimit -c 0
read -r told <&3
if [ "$told" ]; then exec "$1" "${0%/*}/../dist/kernel/last-words.js" "$status" "$file"; fi

if [ $status -gt 128 ] && signal=$(kill -l "$status" 2> /dev/null); then
  trap - HUP INT TERM USR1
  kill -s "$signal" $$
fi
exit "$status"
