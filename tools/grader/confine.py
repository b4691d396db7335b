"""What a student's code may use: little memory and time, few files, no other process, no network.

Four layers, each for what the others do not reach:

- limits of the operating system on memory, processor time, file size and, unless one is root, on
  new processes and threads;
- Landlock, where Linux has it (5.13 and later): the kernel itself refuses every file outside of a
  short list, every program, TCP and, since 6.12, signals to other processes. It cannot be undone.
- a filter of system calls (seccomp), on Linux with an x86-64 or 64-bit ARM processor: the kernel
  refuses what would reach other processes, new processes, every network, and changes of a file's
  owner, mode and times, of which Landlock knows nothing. It cannot be undone either.
- an audit hook of Python, on every system: refuses the same with a message that says why. Code
  that is written to get around it can; it is no wall, which is what the two others are for.

The kernel's structures are packed by hand, for what would pack them keeps less or asks for more. On
PyPI, `landlock` (1.0.0.dev5, alpha) knows files, but neither TCP nor signals; `pyseccomp` (0.1.2,
of 2021) needs libseccomp on the system. Both use ctypes, as we do. The program bubblewrap would
hide even what `stat` tells, but it must be installed, and needs user namespaces, which containers
do not allow by default and some distributions restrict: these layers would have to stay beside it.
So an instructor installs nothing, and the tests try each layer alone. A container around the
grader, as chapters/grading.md advises, adds what bubblewrap would.
"""

import builtins
import ctypes
import errno
import importlib.util
import os
import platform
import posixpath
import resource
import signal
import site
import struct
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

# Shared libraries, fonts, time zones, and what libraries ask about the machine.
SYSTEM = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/System/Library",
          "/Library/Fonts", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts",
          "/usr/share/fonts", "/usr/share/zoneinfo", "/dev/urandom", "/dev/random",
          "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
          "/sys/fs/cgroup"]


def limit(memory, seconds):
    """Cap this process for good: memory in bytes, processor time in seconds."""
    # A file that is open but removed is hard to see from outside: so few, and not too large.
    caps = {"RLIMIT_AS": memory, "RLIMIT_CPU": seconds, "RLIMIT_FSIZE": 32 * 2**20,
            "RLIMIT_NOFILE": 128, "RLIMIT_CORE": 0, "RLIMIT_NPROC": 0}
    for name, cap in caps.items():
        try:
            resource.setrlimit(getattr(resource, name), (cap, cap))
        except (AttributeError, ValueError, OSError):
            pass  # macOS lacks some; the grader's own clock remains
    if sys.platform == "linux":
        die_with_parent = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(die_with_parent, signal.SIGKILL, 0, 0, 0)


def readable(hidden):
    """The files and folders of Python and its packages, without the folder `hidden` below them.

    Returns (what may be read with all below it, what may only be listed).
    """
    paths = sysconfig.get_paths()
    roots = {paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"],
             sysconfig.get_config_var("DESTSHARED"), *site.getsitepackages(), *SYSTEM,
             str(Path(hidden).parent), "/proc/self/maps"}
    whole, listed = [], []

    def add(path):
        if path == hidden:
            return
        if hidden.is_relative_to(path):  # then entry by entry, for Landlock only ever adds
            listed.append(path)
            for entry in path.iterdir():
                add(entry)
        else:
            whole.append(path)

    hidden = Path(hidden).resolve()
    for root in sorted(filter(None, roots)):
        if os.path.exists(root):
            add(Path(root).resolve())
    return whole, listed


# Landlock, from linux/landlock.h; Python has no module for it.
_EXECUTE, _WRITE, _READ, _LIST, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_DEVICES = 1 << 6 | 1 << 11 | 1 << 15  # make a character or block device, control a device
_NO_NEW_PRIVILEGES = 38  # for prctl
_RIGHTS_OF_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights on files; since 5: 16


def landlock(scratch, whole, listed):
    """Let the kernel refuse all files but these from now on. Its version, or 0 if it cannot."""
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)

    def syscall(number, *arguments):
        made = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
        return libc.syscall(ctypes.c_long(number), *made)

    version = syscall(444, None, 0, 1)
    if version < 1:
        return 0
    every = (1 << _RIGHTS_OF_VERSION.get(version, 16)) - 1
    tcp = 0b11 if version >= 4 else 0  # bind, connect
    scoped = 0b11 if version >= 6 else 0  # abstract sockets, signals
    rules = struct.pack("=QQQ", every, tcp, scoped)[: 24 if version >= 6 else 16 if tcp else 8]
    ruleset = syscall(444, rules, len(rules), 0)

    def allow(path, rights):
        rights &= every
        if not os.path.isdir(path):
            rights &= _EXECUTE | _WRITE | _READ | _TRUNCATE
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return  # what this process cannot reach needs no permission
        failed = syscall(445, ruleset, 1, struct.pack("=Qi", rights, descriptor), 0)
        os.close(descriptor)
        if failed:
            raise OSError(ctypes.get_errno(), "Landlock refused a rule", str(path))

    allow(scratch, every & ~(_EXECUTE | _DEVICES))
    allow("/dev/null", _READ | _WRITE | _TRUNCATE)
    for path in whole:
        allow(path, _READ | _LIST)
    for path in listed:
        allow(path, _LIST)
    if (ruleset < 0 or libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
            or syscall(446, ruleset, 0)):
        raise OSError(ctypes.get_errno(), "Landlock is there but could not be switched on")
    os.close(ruleset)
    return version


# System calls, as their numbers on (x86-64, 64-bit ARM); None where there is no such call.
_REFUSED = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "process_madvise": (440, 440), "setrlimit": (160, 164),
    "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119), "sched_setaffinity": (203, 122), "sched_setattr": (314, 274),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "unshare": (272, 97),
    "setns": (308, 268), "socket": (41, 198), "io_uring_setup": (425, 425), "bpf": (321, 280),
    "keyctl": (250, 219), "add_key": (248, 217), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    # Memory that the limit on address space does not count, or that outlives its process.
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "removexattrat": (466, 466), "file_setattr": (469, 469),
}
# These do nothing and say that they did: shutil.copy ends with them, for a student's own files too.
_IDLE = {"chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
         "utime": (132, None), "utimes": (235, None), "futimesat": (261, None),
         "utimensat": (280, 88)}
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH_...
_LOAD, _EQUAL, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of linux/filter.h


def seccomp():
    """Let the kernel refuse these system calls from now on. Whether it does."""
    if sys.platform != "linux" or platform.machine() not in _ARCHITECTURES or sys.maxsize < 2**32:
        return False
    column, architecture = _ARCHITECTURES[platform.machine()]
    allow, fail = 0x7FFF0000, 0x00050000  # fail | n: the call returns the error n, if n > 0
    refuse = (_RETURN, 0, 0, fail | errno.EPERM)
    # An instruction is (code, how many to jump over if true, if false, constant). The data are the
    # call's number at 0, the architecture at 4, and from 16 the arguments of 8 bytes each.
    program = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), refuse,
               (_LOAD, 0, 0, 0), (_AT_LEAST, 0, 1, 1 << 30), refuse]  # above: the x32 calls

    def answer(numbers, with_error):
        if numbers[column] is not None:
            program.extend([(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, fail | with_error)])

    def only_if(numbers, *conditions):
        """Allow a call only if for each (where, code, constant) that part of its arguments fits."""
        program.append((_EQUAL, 0, 3 * len(conditions) + 1, numbers[column]))
        for where, code, constant in conditions:
            program.extend([(_LOAD, 0, 0, where), (code, 1, 0, constant), refuse])
        program.append((_RETURN, 0, 0, allow))

    for numbers in _REFUSED.values():
        answer(numbers, errno.EPERM)
    for numbers in _IDLE.values():
        answer(numbers, 0)
    answer((435, 435), errno.ENOSYS)  # clone3, whose flags no filter sees: libc then takes clone
    only_if((56, 220), (16, _HAS_BITS, 0x10000))  # clone: a thread, not a process
    only_if((302, 261), (32, _EQUAL, 0), (36, _EQUAL, 0))  # prlimit64: read a limit, set none
    for numbers in (62, 129), (200, 130), (234, 131):  # kill, tkill, tgkill: only itself
        only_if(numbers, (16, _EQUAL, os.getpid()))
    program.append((_RETURN, 0, 0, allow))

    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
    filter_program = struct.pack("HP", len(program), ctypes.addressof(code))
    libc, set_seccomp, with_filter = ctypes.CDLL(None), 22, 2
    return (libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
            and libc.prctl(set_seccomp, with_filter, filter_program, 0, 0) == 0)


_PROCESSES = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
              "os.startfile", "pty.", "os.kill", "webbrowser.", "resource.setrlimit",
              "resource.prlimit")
_UNWATCHED = ("setpriority", "sched_setaffinity", "sched_setparam", "sched_setscheduler")
_NETWORK = ("socket.connect", "socket.bind", "socket.send", "socket.get", "urllib.", "ftplib.",
            "http.", "smtplib.", "poplib.", "imaplib.", "telnetlib.")
_MEMORY = ("ctypes.cdata", "ctypes.string_at", "ctypes.wstring_at", "ctypes.call_function",
           "ctypes.addressof", "gc.get_", "sys.remote_exec")
_CHANGES = ("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir",
            "os.symlink", "os.truncate", "os.utime", "os.setxattr", "sqlite3.connect")
_HARMLESS = ("dl_iterate_phdr", "openblas", "scipy_openblas", "omp_", "MKL_", "mkl_", "bli_", "Py")
_LISTS = ("os.listdir", "os.scandir", "os.chdir", "os.getxattr", "os.listxattr")


def audit(scratch, whole, listed):
    """Let Python refuse what Landlock and seccomp refuse, and calls into the process's memory.

    The hook uses nothing that a student's code can put something else in the place of: everything
    is bound here, paths are resolved by a copy of the module that does it, and nothing is mutable.
    """
    realpath, fspath, decode = _own_realpath(), os.fspath, bytes.decode
    encoding, as_text, kind, is_a = sys.getfilesystemencoding(), str.__str__, type, isinstance
    text, octets, error, failures = str, bytes, PermissionError, (TypeError, ValueError)
    scratch = realpath(scratch)
    below = tuple(f"{path}/" for path in [scratch, *whole])
    exactly = frozenset({scratch, "/dev/null", *map(str, whole)})
    also_listed = frozenset(map(str, listed))
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    own, libraries, writable = below[0], below[1:], (below[0], "/dev/null/")
    processes, network, memory, changes, lists = _PROCESSES, _NETWORK, _MEMORY, _CHANGES, _LISTS
    harmless = _HARMLESS

    def refuse(what):
        raise error(f"While it is graded, a notebook may not {what}.")

    def path_of(argument):
        try:
            path = fspath(argument)
            return realpath(decode(path, encoding, "surrogateescape") if is_a(path, octets)
                            else as_text(path))
        except failures:
            return None  # a file that is open already, or no path at all

    def hook(event, arguments):
        if event == "open":
            path, _, flags = arguments
            if (path := path_of(path)) is None:
                return
            if not (path in exactly or path.startswith(below)):
                refuse(f"open the file {path}")
            if flags & writing and not f"{path}/".startswith(writable):
                refuse(f"write the file {path}")
        elif event.startswith(processes):
            refuse(f"start, stop or change another program ({event})")
        elif event.startswith(network):
            refuse(f"use the network ({event})")
        elif event.startswith(memory):
            refuse(f"use {event}")
        elif event == "ctypes.dlopen":  # scikit-learn counts threads through it
            name = arguments[0]
            path = None if kind(name) is text and "/" not in name else path_of(name)
            if path and not path.startswith(libraries):
                refuse(f"load the library {path}")
        elif event == "ctypes.dlsym":
            if not (kind(arguments[1]) is text and arguments[1].startswith(harmless)):
                refuse(f"call {arguments[1]} of a library")
        elif event.startswith(lists):
            path = path_of("." if arguments[0] is None else arguments[0])
            if path and not (path in exactly or path in also_listed or path.startswith(below)):
                refuse(f"look into the folder {path}")
        elif event.startswith(changes):
            for argument in arguments[:2] if event in ("os.rename", "os.link") else arguments[:1]:
                path = path_of(argument)
                if path and path != scratch and not path.startswith(own):
                    refuse(f"change {path}")

    for module in (os, sys.modules[os.name]):  # no event tells the hook of these
        for name in _UNWATCHED:
            if hasattr(module, name):
                setattr(module, name, lambda *_, name=name: refuse(f"use os.{name}"))
    sys.addaudithook(hook)


def _own_realpath():
    """os.path.realpath of a module that shares no name with the one that everybody has."""
    spec = importlib.util.find_spec(posixpath.__name__)
    module = importlib.util.module_from_spec(spec)
    module.__builtins__ = dict(vars(builtins))
    spec.loader.exec_module(module)
    module.os, module.stat = SimpleNamespace(**vars(os)), SimpleNamespace(**vars(module.stat))
    return module.realpath
