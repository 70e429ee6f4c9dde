[assembly: Heavy]
