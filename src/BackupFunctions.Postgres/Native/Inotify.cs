using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Postgres.Native;

/// <summary>inotify(7): which files appear in a folder and when their writer closes them.</summary>
internal sealed partial class Inotify : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const uint CloseWriteMask = 0x8;
    private const uint CreateMask = 0x100;
    private const uint OverflowMask = 0x4000;
    private const short PollIn = 1;
    private const int TryAgain = 11;
    private const int Interrupted = 4;
    private const int HeaderSize = 16;

    private readonly SafeFileHandle _handle;
    private readonly byte[] _buffer = new byte[64 * 1024];

    public Inotify(string folder)
    {
        _handle = new SafeFileHandle(Checked(Init(CloseOnExec | NonBlocking)), ownsHandle: true);
        Checked(AddWatch(_handle, folder, CreateMask | CloseWriteMask));
    }

    /// <summary>Waits up to the timeout for events and hands them on in order.</summary>
    /// <returns>False when there were none.</returns>
    public bool Read(TimeSpan timeout, Action<InotifyEvent> take)
    {
        var poll = new PollDescriptor { File = (int)_handle.DangerousGetHandle(), Events = PollIn };
        if (Poll(ref poll, 1, (int)timeout.TotalMilliseconds) <= 0)
        {
            return false;
        }

        var length = (int)Read(_handle, _buffer, (nuint)_buffer.Length);
        if (length < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is TryAgain or Interrupted ? false : throw new Win32Exception(error);
        }

        for (var at = 0; at < length;)
        {
            // struct inotify_event { int wd; uint32_t mask, cookie, len; char name[len]; }
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(at + 4));
            var nameLength = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(at + 12));
            var name = _buffer.AsSpan(at + HeaderSize, nameLength);
            var zero = name.IndexOf((byte)0);
            take(new InotifyEvent(
                Encoding.UTF8.GetString(zero < 0 ? name : name[..zero]),
                IsCreated: (mask & CreateMask) != 0,
                IsClosed: (mask & CloseWriteMask) != 0,
                IsOverflow: (mask & OverflowMask) != 0));
            at += HeaderSize + nameLength;
        }

        return true;
    }

    public void Dispose() => _handle.Dispose();

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int Init(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle handle, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle handle, byte[] buffer, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
