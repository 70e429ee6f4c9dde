using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Tron;
using StablePay.Core.Ids;

namespace StablePay.Bench.Blocks;

/// <summary>
/// Rows of deposit addresses as they are after so many sessions, without the sessions: a watcher does not read those.
/// </summary>
internal static class IssuedAddresses
{
    /// <param name="path">A SQLite database with its tables.</param>
    public static async Task AddAsync(string path, NetworkId network, int count)
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        await ExecuteAsync(connection, "pragma foreign_keys = off; begin immediate");
        await using var insert = connection.CreateCommand();
        insert.CommandText = """
            insert into deposit_addresses (network, address, session_id, store_id, address_index, created_at_ms)
            values ($network, $address, 'cs_' || $index, 'st', $index, 0)
            """;
        insert.Parameters.AddWithValue("$network", network.Value);
        var address = insert.Parameters.Add("$address", SqliteType.Text);
        var index = insert.Parameters.Add("$index", SqliteType.Integer);
        for (var i = 0; i < count; i++)
        {
            // Beyond every index that the engine gives.
            (address.Value, index.Value) = (AddressAt(network, i), int.MaxValue + (long)i);
            await insert.ExecuteNonQueryAsync();
        }
        await ExecuteAsync(connection, "commit");
    }

    private static string AddressAt(NetworkId network, int number)
    {
        if (network.Value.StartsWith("solana:", StringComparison.Ordinal))
            return Base58.Encode(SHA256.HashData(BitConverter.GetBytes(number)));
        var evm = EvmAddress.Parse(
            string.Create(CultureInfo.InvariantCulture, $"0x{(ulong)number * 7046029254386353131UL:x20}{number:d20}")
        );
        return network.Value.StartsWith("tron:", StringComparison.Ordinal)
            ? new TronAddress(evm).ToString()
            : evm.ToString();
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string text)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync();
    }
}
